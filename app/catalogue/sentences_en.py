"""The sentences of `sentences.py` in English, under the same codes."""

SENTENCES: dict[str, str] = {
    # A row that cannot be taken.
    "row_unreadable": "The quotation marks of this row do not match; it cannot be read",
    "too_many_cells": "This row says more than there are headings: {value}",
    "missing": "Nothing is filled in",
    "merged": "A merged cell covers this one. Unmerge it and fill in every row",
    "cell_error": "The cell holds the error {value}; put in what is meant",
    "formula": "The cell is the formula {value}; copy it and paste values only",
    "text_too_long": "Too long; at most {most} characters",
    "code_bad": "The code “{value}” may hold letters, figures and hyphens only, at most 24",
    "code_twice": "The code “{value}” stands in row {other} as well",
    "price_bad": "“{value}” is no price; write it like 12.50",
    "price_zero": "A price may not be 0",
    "price_absurd": "The price “{value}” makes no sense (0.01 to 100,000.00 do)",
    "cost_bad": "“{value}” is no cost; write it like 6.25, six decimals at most",
    "yes_no_bad": "“{value}” is neither yes nor no",
    "unit_unknown": "Nobody knows the unit “{value}”",
    "unit_jin": "The unit “{value}” may not be used in trade; use kg and the price per kg",
    "weighed_needs_kg": "The unit of goods sold by weight has to be kg",
    "choice_bad": "“{value}” is none of: {choices}",
    "number_bad": "“{value}” is no whole number from {least} to {most}",
    "rate_bad": "The tax rate “{value}” is none of: {choices}",
    "mark_needs_town": "A mark of a town needs the brand's town",
    "town_unknown": "No town brand is called “{value}”; put it into the table of brands first",
    "claim_not_approved": "“{value}” claims an effect; it may not be used unapproved",
    "barcode_bad": "The barcode “{value}” may hold letters, figures and - . _ / only, at most 48",
    "barcode_scientific": (
        "The spreadsheet rounded the barcode “{value}”; make the column text and fill it in again"
    ),
    "barcode_number": (
        "The barcode “{value}” was kept as a number and may have lost figures;"
        " make the column text and fill it in again"
    ),
    "barcode_wallet": "“{value}” looks like a payment code and cannot be a barcode of goods",
    "barcode_twice": "The barcode “{value}” stands in row {other} for another article",
    "barcode_taken": "The barcode “{value}” belongs to article {other}",
    "below_floor": "Below the lowest price of this row, {value}",
    "product_unknown": "No article has the code “{value}”",
    "pack_of_weighed": "Goods sold by weight come in no packs",
    "kit_unknown": "“{value}” is no kit",
    "kit_in_kit": "A kit may hold no kit and no service: {value}",
    "kit_part_twice": "Row {other} names this part of kit {value} already",
    "quantity_bad": "“{value}” is no quantity",
    "date_bad": "“{value}” is no date; write it like 2026-12-31",
    "number_twice": "The number “{value}” stands in row {other} as well",
    "parent_unknown": "There is no category “{value}” to stand under",
    # A row that is taken, with a word of warning.
    "column_unknown": "Nobody knows this column; it was left out",
    "cleaned": "Characters nobody can see were taken out",
    "slip_mended": "“{value}” became “{other}”",
    "unit_spelling": "The unit “{value}” became “{other}”",
    "weighed_assumed": "The unit is kg, so it is sold by weight",
    "kg_not_weighed": "The unit is kg but it is not weighed: whole numbers only",
    "looks_like_formula": "Begins with = + - @ and is kept as text",
    "cost_above_price": "It costs more than it is sold for",
    "price_jump": "Five times apart from today's price {other}",
    "shelf_days_missing": "Goods that expire without their days of shelf life",
    "category_unknown": "No such category: “{value}”",
    "no_certificate": (
        "The name says “{value}”: a valid certificate is needed before receiving and labels"
    ),
    "oem_incomplete": "Made by others under our mark; still missing: {columns}",
    "health_food_no_missing": "Without its health food approval it cannot be sold",
    "check_digit": "The check digit of “{value}” is wrong; only exactly this code is known",
    "barcode_repeated": "The same as row {other}; taken once",
}

COLUMN_WORDS: dict[str, str] = {
    "entrusting_party": "principal",
    "maker": "maker",
    "maker_licence": "the maker's licence",
    "true_origin": "true origin",
}
