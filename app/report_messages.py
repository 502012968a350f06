"""What reports refuse: code -> sentence, in both languages."""

CHINESE: dict[str, str] = {
    "report_unknown": "没有叫「{text}」的报表",
    "report_range": "报表的日期不对：要从早到晚，最长十年",
    "report_filter": "这张报表不能按「{text}」筛选",
}
ENGLISH: dict[str, str] = {
    "report_unknown": "There is no report called “{text}”",
    "report_range": "These dates cannot be: from the earlier to the later, ten years at most",
    "report_filter": "This report cannot be narrowed down by “{text}”",
}
