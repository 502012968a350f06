"""The sentences of `app/messages.py` in English, under the same codes."""

import re

MESSAGES: dict[str, str] = {
    # Scanning and the basket.
    "unknown_code": "Unknown code: {text}. Check it, or press F2 to find goods by code or initials",
    "not_goods_code": "This is no product code, so it cannot join the basket",
    "not_a_payment_code": "Not a payment code. Press Esc to go back and scan goods",
    "not_sellable": "{name} cannot be sold here: {reason}",
    "lot_expired": "{name} expired on {expires}. Take it off the shelf; it cannot be sold",
    "label_without_weight": "The scale label has no weight and no amount. Weigh it again",
    "label_decides": "The label or deposit decides this amount. To change it, remove and rescan",
    "fraction_of_unit": "Goods sold by the piece need a whole number",
    "bad_quantity": "Wrong quantity: {text}. Enter a number from 0.001 to 99999",
    "bad_amount": "Wrong amount: {text}. Write it like 12.50, two decimals at most",
    "bad_discount": "Wrong discount: {text}. Write 9.5 or 95 for 5 % off (九五折)",
    "bad_time": "Cannot read this time: {text}",
    "bad_date": "Cannot read this date: {text}. Write it like 2026-12-31",
    "scan_too_long": "The scan is too long to be one of our codes. It was not taken",
    "no_such_line": "There is no line {line}",
    "not_reducible": "{name} takes no reductions",
    "below_floor": "{name} would go below the lowest price of its list; a manager must approve",
    "price_changed": "{name} costs something else now: scan the further pieces, as a new line",
    "unknown_promotion_code": "No such promotion code, or not valid now: {text}",
    "bad_price_list": "A price list needs products, each once, and an end after its beginning",
    "bad_promotion": "The promotion is wrong, look at: {field}",
    "no_such_product": "No such product: {product}",
    "no_such_promotion": "No such promotion: {code}",
    "base_price_too_high": "{name}: no price before above {most}, the lowest of the seven days",
    "price_above_tag": "{name} cannot be sold above its tag price",
    "basket_empty": "There are no goods in this basket yet",
    "basket_full": "A basket holds at most {most} lines here. Take payment, then open another",
    "basket_not_empty": "Finish or hold the open basket first",
    "nothing_held": "No basket is on hold",
    "choose_held": "{count} baskets are on hold; choose one",
    "question_open": "Answer the question on the screen first",
    "no_question": "No question is waiting for an answer",
    "bad_answer": "Answer yes or no; write dates like 2026-12-31",
    "reason_needed": "Please give a reason",
    "collecting": "Payment is being taken. Press Esc to go back and change goods",
    "unknown_receipt": "This till has no receipt {number}",
    "no_printer": "This till has no printer. The customer can scan the receipt on the screen",
    "one_moment": "The last step is still being saved; nothing was done twice. Wait a moment",
    # Money.
    "received_too_large": "Far more received than due. Check it and enter it again",
    "tender_offline": "This way to pay does not work now: {reason}. Take cash or another one",
    "attempt_open": "The last charge has no result yet. Wait, and do not charge again",
    "attempt_moved": "This charge has just moved on; look again",
    "attempt_settled": "This charge has its result already",
    "tender_captured": "A network or an account holds this money: refund it instead",
    "tender_not_there": "This receipt was not paid in this way",
    "tender_gone_back": "Some of this money went back already; its tender stands",
    "tender_after_z": "Another till's receipt, or its day is closed by Z; its tender stands",
    "code_used": "This wallet code was used before. Ask the customer for a fresh one",
    "money_taken": "Part of the money has been taken. Refund it before going back or cancelling",
    "over_open": "Only cash may be more than what is open",
    "reference_needed": "Enter the number the other side gave this payment",
    "card_number": "Never write a card's number down; take the slip's trace number",
    "channel_kind_unknown": "No such payment network: {kind}",
    "channel_keys_bad": "The payment network's keys are wrong: {detail}",
    "bad_task_answer": "This task cannot be settled that way",
    "unknown_tab": "No such open tab, or it is settled",
    "unknown_attempt": "No such payment",
    "not_captured": "That money never came in, so it cannot go back",
    "over_refund": "More than was taken: it has gone back already, or too little of it is left",
    "refund_route_closed": "It cannot go back the way it came: more than {days} days or {parts} "
    "parts. Refund it another way",
    "bad_tender": "There is no such way to pay: {tender}",
    "disk_low": "The disk is almost full: take no money now. All sales are safe; free some room",
    # People, shifts.
    "sign_in_needed": "Please sign in first",
    "wrong_pin": "Staff number or PIN is wrong",
    "pin_locked": "Number {person} failed ten times and is locked. Ask the manager to unlock it",
    "recovery_wrong": "Wrong recovery code. Enter it again from the paper of the first day",
    "pin_weak": "A PIN has at least {least} digits, no runs like 123456, three different digits",
    "nobody_yet": "The shop has no first person yet. Please go on setting up",
    "answer_needed": "Please fill this in",
    "not_twice_the_same": "The two are not the same",
    "last_group_wrong": "Not the last group on the screen. Type it again from the paper",
    "shop_code_bad": "A shop code has 2 to 8 letters and digits",
    "till_number_bad": "A till number is 1 to 99",
    "import_stopped": "Stopped; nothing was imported",
    "staff_number_bad": "A staff number has 2 to 8 digits",
    "role_unknown": "There is no such role: {role}",
    "approval_needed": "This needs the {role}'s yes: another person enters number and PIN",
    "nothing_uncounted": "No shift is waiting to be counted",
    "bad_cash_kind": "There is no such kind of cash movement: {text}",
    "not_allowed": "This role never does this. A {role} has to sign in for it",
    "approver_same": "You cannot approve your own action",
    "over_limit": "Above the approver's limit. Ask someone of a higher role",
    "shift_needed": "No shift is open. Open one first",
    "shift_already_open": "A shift is open already; you can sell",
    "shift_still_open": "A shift is still open. Close it before the day",
    "day_not_open": "No shift was opened today, so there is nothing to close",
    # Members and money left with the shop.
    "member_name_bad": "Enter the member's name",
    "phone_bad": "That is no phone number; figures only",
    "consent_needed": "The customer has to agree before a member is made",
    "member_known": "This phone is a member's already: {number}",
    "unknown_member": "No such member was found",
    "choose_member": "{count} members match; ask for the family name or the whole phone number",
    "member_has_money": "This member has money with the shop; give it back first",
    "member_needed": "Stored value is in somebody's name; find the member first",
    "points_off": "This shop does not take points for money",
    "bad_points": "Wrong number of points: whole hundreds, no more than there are",
    "ledger_kind_bad": "That cannot be done with this kind of money: {kind}",
    "earnest_too_high": "An earnest is at most a fifth of the contract: {most}",
    "stored_too_high": "Stored value would be above the cap for a named card, {most}",
    "stored_off": "This shop does not take stored value",
    "too_much_back": "Only {left} of the principal is left; no more can go back",
    "unknown_account": "There is no such deposit, prepayment or pledge",
    # Clock, disk, folder, keystore.
    "clock_jumped": "The computer's clock is wrong: it shows {shown}, expected {expected} or later."
    " Set it, or have a person confirm it",
    "disk_full": "The disk is full. This step was not saved, all before it was. Free some room",
    "disk_error": "The disk failed. This step was not saved, all before it was. Try again,"
    " or call the manager",
    "disk_read_only": "The disk cannot be written. This step was not saved. Check the disk",
    "database_busy": "The data is in use right now. Try again in a moment",
    "start_failed": "The till did not open ({detail}). Try again, or hand on the log",
    "copies_in_practice": "What is practised is not copied, so that it never mixes with the books",
    "copies_of_several": "Copies of several tills lie here: {tills}. Name one folder in --from",
    "copies_place_bad": "Write the whole path of the folder, such as E:\\copies",
    "copy_same_disk": "The copies lie on the same disk as the data; choose another one",
    "return_policy": "The return rule does not take {name} back",
    "return_policy.fresh": "{name} is fresh: it comes back for its quality alone",
    "return_policy.too_late": "{name} is past {days} days: it comes back for its quality alone",
    "return_policy.other": "A return for another reason needs the manager",
    "bad_reason": "No such reason for a return: {text}",
    "bad_disposition": "Goods that come back go to the shelf, to scrap or to the maker",
    "day_cap": "Returns without a receipt have reached today's cap of {cap} yuan",
    "database_damaged": "The data file is damaged and was not opened, so that nothing gets lost."
    " Delete nothing; restore from the backup",
    "not_a_till_database": "The till.db in this folder is not a till's data. It was left alone",
    "schema_newer": "A newer program wrote this data ({version}). Update the program first",
    "sqlite_too_old": "The database component is too old ({version}). Install the program again",
    "not_saved": "It was not saved; the sale surely did not happen. Press once more",
    "stop_selling": "Nobody can tell whether it was saved. Stop using this till and sell on paper;"
    " it will check itself after a restart",
    "folder_read_only": "The data folder cannot be written: {detail}. Choose another or its rights",
    "folder_synced": "The data folder is in the sync drive “{name}”, which would damage it."
    " Choose a plain folder on this machine",
    "folder_on_network": "The data folder is on a network drive ({name}); sales could get lost."
    " Choose a disk of this machine",
    "till_already_open": "The till of this folder is open already. Switch to its window",
    "folder_not_set_up": "No till has been set up in this folder yet",
    "folder_already_set_up": "This folder is a till already",
    "folder_half_made": "Setting up broke off half-way; nothing is recorded. Use an empty folder",
    "passphrase_needed": "Please enter this till's passphrase",
    "passphrase_too_short": "A passphrase has at least 8 characters",
    "passphrase_wrong": "The passphrase is wrong",
    "keystore_missing.open": "The system's keystore does not open, and this till's key lies in it."
    " Log in to the desktop, unlock it and try again",
    "keystore_missing": "This system has no keystore. Choose a passphrase, or a key file only you"
    " can read",
    "keystore_key_lost": "This till's master key is gone, so sealed data stays shut."
    " Bring the key back, or restore from the backup",
    "keystore_wrong_key": "The master key is the wrong one, so sealed data stays shut",
    "journal_broken": "The journal breaks at entry {seq} and may have been changed."
    " It was not opened; ask head office",
    "series_used_up": "This till was restored too often; its receipt letters are used up."
    " Set it up again under another till number",
    "schema_older": "An older program wrote this data ({version}). Open the till once with this",
    "upgrade_failed": "The data could not be upgraded and stays as it was; the old version still"
    " opens it. Send the diagnosis to support",
    "copy_failed": "The backup was not written: {detail}. All data is safe; check the backup disk",
    "copy_missing": "There is no backup of this till on the backup disk",
    "copy_damaged": "The backup is damaged at entry {seq} and was not used."
    " Try another backup, or ask head office",
    "copy_differs": "The backup disk holds something else than this till; it was not overwritten."
    " Ask head office",
    "training_only": "This is no training folder. It was left alone",
    "qt_bad": "The screen component does not fit this Python and would stop midway, so it was not"
    " opened. Install the program again",
    "sample_broken": "Row {row} of the sample {file} was changed. Install the program again",
    # Catalogue.
    "claim_not_approved": "“{word}” is a health claim without an approved text; it cannot be"
    " printed on {name}",
    "no_certificate": "{name} says “{word}” without a valid certificate: it can be neither"
    " received nor labelled",
    "no_certificate.farm": "{name} is farm produce and cannot be received without its"
    " conformity certificate",
    "nothing_received": "There are no goods on this delivery",
    "too_many_lines": "A delivery has at most {most} lines here; receive it in parts",
    "not_goods": "{name} is not a single article; receive the parts of a kit instead",
    "no_price": "This product has no price",
    "scale_format_bad": "Scale format “{text}” is wrong: {reason}",
    "scale_format_overlaps": "Scale formats “{text}” and “{other}” cannot be told apart;"
    " change prefix or length",
    "scale_format_overlaps_wallet": "Scale format “{text}” looks like a payment code;"
    " use a prefix from 20 to 24",
    "scale_label_does_not_fit": "This figure does not fit on the scale label",
    "import_empty": "The file is empty",
    "import_no_file": "Cannot open file {name}",
    "import_columns_missing": "These columns are missing: {columns}",
    "import_encoding": "Unknown text encoding. Save it as UTF-8 CSV or .xlsx",
    "import_old_excel": "Old .xls cannot be read. Save it as .xlsx",
    "import_too_large": "The file is too large; at most {most}",
    "import_too_many_rows": "Too many rows; at most {most}",
    "import_broken": "The file cannot be opened; it may be damaged or protected",
    # Settings, console.
    "setting_unknown": "There is no setting {key}",
    "setting_bad": "This setting cannot be that: {reason}",
    "unknown_command": "There is no command {do}",
    "bad_command": "Cannot read this line: {detail}",
    "demo_only": "Only a demo folder may do this",
    "clock_not_settable": "This till uses the real clock, which cannot be moved",
    "bundle_not_written": "The bundle could not be written ({detail}). Choose another place",
    "no_screen": "There is no screen here to open a window on. Run it on a desktop; the console and"
    " --out need none",
    "port_taken": "Port {port} is taken by another program. Close it, or choose one with --port",
    "bench_not_here": "An installed program carries no benchmarks; run them from the source folder",
    "unknown_fault": "There is no such fault to practise: {what}",
    "unknown_job": "There is no such print job",
    "job_settled": "This print job is settled already",
    "unknown_task": "There is no such task",
    "task_elsewhere": "This task is settled on its own page",
    "bug": "The program made a mistake and noted it. Your basket is still here; try again,"
    " or call the manager",
    # Printers, displays, keys, fonts.
    "receipt_template_bad": "Line {line} of the receipt template is wrong: {problem}",
    "unknown_printer_profile": "There is no printer model {name}",
    "bad_printer_profile": "The printer model file {name} is wrong: {reason}",
    "bad_printer_address": "Wrong printer address: {text}",
    "bad_display_address": "Wrong display address: {text}",
    "display_amount": "The customer display cannot show {text}",
    "display_unreachable": "The customer display is not connected. Selling goes on",
    "printer_unreachable": "The printer is not connected: {reason}. Receipts wait; selling goes on",
    "printer_broke_off": "Printing broke off. Look at the paper, then answer under Tasks",
    "bad_barcode": "This bar code cannot be printed: {text}",
    "bad_check_digit": "Wrong check digit in the bar code: {text}",
    "barcode_too_wide": "The bar code is too wide for the paper",
    "qr_too_long": "Too much content for a QR code",
    "qr_too_wide": "The QR code is too wide for the paper",
    "no_han_font": "The Chinese font is missing. Install the program again",
    "bad_key": "There is no key {text}",
    "bad_action": "There is no action {text}",
    "key_used_twice": "Key {key} is used twice",
    "action_twice": "Action {action} is listed twice",
}

ROLE_NAMES = {
    "cashier": "cashier",
    "lead": "shift lead",
    "manager": "manager",
    "auditor": "auditor",
    "head_office": "head office",
}
REASONS = {
    "inactive": "no longer sold",
    "display_only": "an exhibit, for show only",
    "wholesale_only": "wholesale only",
    "dated_service": "a service for a chosen date, which this version cannot sell yet",
    "health_food_no": "its health food number is missing",
    "letters": "only digits and P A W N C ? may stand in it",
    "length": "8 to 24 digits in all",
    "twice": "one letter stands in two places",
    "missing": "it needs P and one of A, W, N",
    "prefix": "the prefix clashes with product bar codes; use 20 to 24",
    "unplugged": "unplugged",
    "breaks": "broke off",
    "统一社会信用代码是 18 位字母和数字": "a unified social credit code has 18 letters and digits",
}
_SHAPES = (
    (re.compile(r"最多 (\d+) 个字"), r"at most \1 characters"),
    (re.compile(r"(\d+) 到 (\d+) 的整数"), r"a whole number from \1 to \2"),
    (re.compile(r"只能是 (.+)"), r"only one of \1"),
)
"""What settings say of themselves holds figures."""
TRIES_LEFT = ", {left} tries left"


def reason(words: str) -> str:
    """A reason in English; what has no translation stays as it was said."""
    if words in REASONS:
        return REASONS[words]
    for shape, english in _SHAPES:
        if shape.fullmatch(words):
            return shape.sub(english, words).replace("、", ", ")
    return words
