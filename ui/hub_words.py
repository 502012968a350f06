"""How the way to the hub is told: why nothing moves, in words a shop understands."""

WORDS = {
    "": "",
    "no_connection": "连不上总部",
    "no_answer": "总部没有回答",
    "tls": "对方的证书不对，可能有人插手",
    "portal": "网络要先登录（回的是网页）",
    "hostile": "回答不是总部签的，没有采用",
    "busy": "总部忙，稍后再传",
    "stuck": "上一次传不动，重新来",
    "disk": "回执写不进硬盘",
    "waiting_approval": "等总部核对指纹",
    "not_enrolled": "总部不认识这台机，请重新加入",
    "revoked": "总部停用了这台机：只收现金，账还在上传",
    "too_many": "传得太勤，稍后再传",
    "forked": "这本账在别处续写过，已换新账，请告诉总部",
    "clock_off": "时钟差得太多",
    "code_wrong": "加入码不对或已过期",
    "demo_and_real": "演示的机只能加入演示的总部",
    "feed_signature": "下发的内容不是总部签的，没有采用",
    "feed_form": "下发的内容读不懂，没有采用",
    "feed_not_ours": "下发的内容不是给本店的，没有采用",
    "feed_gap": "下发的内容缺了一段，没有采用",
    "feed_older": "总部给的比手上的旧，没有采用，请告诉总部",
    "entries_not_authentic": "别的机的账签名不对，没有采用，请告诉总部",
    "journal_not_ours": "收到的不是本店的账，没有采用",
    "bug": "程序出错，请看日志",
}


def why_not(reason: str) -> str:
    """The reason in words, "" when all is well."""
    return WORDS.get(reason, f"总部没有收下（{reason}）")
