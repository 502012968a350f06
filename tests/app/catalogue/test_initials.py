"""Pinyin initials with every reading."""

import subprocess
import sys

from app.catalogue.initials import MOST_READINGS, initials, initials_of


def test_both_readings_of_a_character_are_kept_the_usual_one_first() -> None:
    assert set(initials("小粘")) >= {"xz", "xn"}
    assert initials("长沙")[0] == "cs"
    assert "zs" in initials("长沙")


def test_characters_outside_the_old_code_range_have_initials_too() -> None:
    assert initials("蚬冈濑粉")[0] == "xglf"
    assert initials("糍花")[0] == "ch"
    assert initials("龟苓膏")[0].endswith("lg")


def test_digits_and_letters_stand_for_themselves_and_signs_for_nothing() -> None:
    assert initials("大沙黄茶 特级100g")[0] == "dshctj100g"
    assert initials("开平优餐·学生餐A")[0] == "kpycxsca"
    assert initials("侨心酒 500ml (18+)")[0] == "qxj500ml18"


def test_a_long_name_keeps_so_many_readings_and_no_more() -> None:
    readings = initials("长" * 12)
    assert len(readings) == len(set(readings)) == MOST_READINGS
    # Nobody reads several characters in an unusual way: single differences come first.
    assert all(sum(letter != "c" for letter in reading) <= 1 for reading in readings[1:11])


def test_strange_names_have_few_or_no_initials_and_nothing_breaks() -> None:
    assert initials("") == ()
    assert initials("×·#") == ()
    assert initials("😀馬a") == ("ma",)
    assert len(initials("马" * 500)[0]) == 40


def test_aliases_are_found_by_their_initials_as_well() -> None:
    readings = initials_of("开平小粘", ("小粘米",))
    assert "kpxz" in readings
    assert "xnm" in readings


def test_selling_never_loads_the_table_of_readings() -> None:
    script = (
        "import sys, app.catalogue.codes, app.catalogue.queries, app.catalogue.search, "
        "app.catalogue.actions; sys.exit('pypinyin' in sys.modules or 'openpyxl' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == 0
