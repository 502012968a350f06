"""Labels for tests: what the sample shop would print, and the same seen by a bad camera."""

import random
from collections.abc import Iterator

from PIL import Image, ImageFilter

from printers.labels.drawing import draw
from printers.labels.template import names, parse, shipped

GS = "\x1d"
NAME_LETTERS = "大沙红茶特级马冈鹅蛋卷侨心饼潭碧冬瓜金鸡皮蛋"
WORDS = {
    "name": "大沙红茶 特级礼盒装",
    "spec": "100g",
    "grade": "中",
    "origin": "大沙镇",
    "village": "蕉园村",
    "unit": "kg",
    "price": "108.00",
    "price_500g": "54.00",
    "unit_500g": "元/500g",
    "was": "198.00",
    "valid": "2026-12-12 至 2026-12-12",
    "shop": "开平优品展示馆旗舰店",
    "code": "6901234567892",
    "qr": "L:01a24f18-43c0-7185-9f7a-0f1b42a9e72c",
    "quantity": "4.320 kg",
    "amount": "28.51",
    "made": "生产 2026-11-23",
    "expires": "至 2027-05-01",
    "batch": "HC1103",
    "mark": "开平优品 县镇双标识",
    "serial": "000123",
    "certificate": "合格证 KP20261123-01",
    "zone": "A3",
    "day": "2026-12-07",
}


def check_digit(digits: str) -> str:
    """EAN's, worked out apart from the code it judges."""
    weights = [3 if place % 2 == 0 else 1 for place in range(len(digits))]
    total = sum(int(d) * w for d, w in zip(reversed(digits), weights, strict=True))
    return str((10 - total % 10) % 10)


def random_fields(rng: random.Random) -> dict[str, str]:
    """Codes nobody chose by hand: EAN, 18 digits, our own codes, element strings."""
    body = rng.choice(("690", "21", "22")) + "".join(rng.choices("0123456789", k=10))
    ean = body[:12] + check_digit(body[:12])
    eighteen = "22" + "".join(rng.choices("0123456789", k=15))
    code = rng.choice((ean, eighteen + check_digit(eighteen), str(rng.randrange(10_000, 99_999))))
    letters = "0123456789ABCDEF"
    element = f"01029500000{rng.randrange(10**5):05d}1" + f"3103{rng.randrange(10**5):06d}"
    element += f"3922{rng.randrange(1, 99999)}{GS}21{''.join(rng.choices(letters, k=12))}"
    return WORDS | {
        "code": code,
        "qr": rng.choice((element, WORDS["qr"], f"S:{rng.choice('ABCD')}{rng.randrange(1, 60)}")),
        "name": "".join(
            rng.choices("大沙红茶特级马冈鹅蛋卷侨心饼潭碧冬瓜金鸡皮蛋", k=rng.randrange(2, 16))
        ),
    }


def expected(name: str, fields: dict[str, str]) -> list[str]:
    """What a scanner must read off a label drawn with this template."""
    kinds = {each.kind for each in parse(shipped(name)).elements}
    found = [fields["code"]] if "bars" in kinds else []
    return sorted([*found, fields["qr"]] if "qr" in kinds else found)


def campaign(count: int, seed: int = 1) -> Iterator[tuple[str, dict[str, str], Image.Image]]:
    """Labels of every template in turn, each with codes of its own."""
    rng = random.Random(seed)
    with_codes = [name for name in names() if expected(name, WORDS)]
    for number in range(count):
        name, fields = with_codes[number % len(with_codes)], random_fields(rng)
        yield name, fields, draw(parse(shipped(name)), fields)


def photographed(
    picture: Image.Image, rng: random.Random, blur: float, degrees: float
) -> Image.Image:
    """The label as a phone sees it: three times as large, turned, soft, on a grey counter."""
    large = picture.convert("L").resize((picture.width * 3, picture.height * 3))
    canvas = Image.new("L", (large.width + 240, large.height + 240), 255)
    canvas.paste(large, (120, 120))
    turned = canvas.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    soft = turned.filter(ImageFilter.GaussianBlur(blur))
    grain = Image.frombytes("L", soft.size, rng.randbytes(soft.width * soft.height))
    return Image.blend(soft, grain, 0.08)
