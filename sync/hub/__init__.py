"""The central brand server: takes journals in, keeps them for ever, works out what they mean."""
