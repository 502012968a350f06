"""What the till asks before goods join the basket, as a card with its answers."""

from app.sales.basket import Question
from ui.language import tr
from ui.views import SCALE, ChoiceView, QuestionView


def question_view(question: Question, *, has_scale: bool = False) -> QuestionView:
    """What the till must know before these goods may join."""
    name = question.product.name
    if question.question == "weight":
        return QuestionView(
            title=tr("{name} 多重？", name=name),
            detail=tr("放稳了按 Enter 取秤上的，或输入公斤数")
            if has_scale
            else tr("输入公斤数；3j 或 3斤 就是 1.500 kg"),
            choices=(
                ChoiceView(name=SCALE, word=tr("取秤上的"), key="Enter", primary=True)
                if has_scale
                else ChoiceView(name="value", word=tr("确定"), key="Enter", primary=True),
                ChoiceView(name="no", word=tr("不卖了"), key="Esc"),
            ),
            value="weight",
            unit="kg",
        )
    title, detail, yes = _yes_or_no(question.question, name, question.product.age_limit)
    return QuestionView(
        title=title,
        detail=detail,
        choices=(
            ChoiceView(name="yes", word=yes, key="Enter", primary=True),
            ChoiceView(name="no", word=tr("不卖"), key="Esc"),
        ),
    )


def _yes_or_no(question: str, name: str, age: int) -> tuple[str, str, str]:
    """Title, what helps to decide, and what yes means."""
    if question == "age":
        return (
            tr("{name}：顾客满 {age} 岁了吗？", name=name, age=age),
            tr("看不准就请顾客出示身份证；不抄录任何证件资料"),
            tr("满了，可以卖"),
        )
    if question == "made_today":
        return (
            tr("{name}：是今天做的吗？", name=name),
            tr("这张秤签不是本店今天打的；当天做的只当天卖"),
            tr("今天做的，可以卖"),
        )
    return (
        tr("{name}：包装上的日期过了吗？", name=name),
        tr("账上还有过期的批次，请看一眼包装"),
        tr("没过期，可以卖"),
    )
