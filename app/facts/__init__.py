"""Every fact there is, by subject: the vocabulary that leaves the till.

A fact is frozen, past tense, and holds integers, strings and lists or structs of them. Flags are
0 or 1, "nothing" is "" or 0: no nulls, no floats, no booleans, so every reader in any language
sees the same bytes. No fact holds a person's name, phone, PIN verifier or a wallet code.
"""
