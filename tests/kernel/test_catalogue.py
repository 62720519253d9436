import re

from tallyward.kernel.catalogue import keys, prefer, words


def test_both_catalogues_have_the_same_keys() -> None:
    assert keys("en") == keys("zh-CN")
    assert keys("en")


def test_both_catalogues_have_the_same_blanks_in_each_sentence() -> None:
    blanks = re.compile(r"\{(\w+)")
    differing = [
        key for key in keys("en") if set(blanks.findall(words("en", key))) != set(blanks.findall(words("zh-CN", key)))
    ]
    assert not differing


def test_each_refusal_says_what_and_what_next() -> None:
    errors = {key.rsplit(".", 1)[0] for key in keys("en") if key.startswith("error.")}
    halves = [f"{error}.{half}" for error in errors for half in ("what", "next")]
    assert set(halves) <= keys("en")


def test_chinese_sentences_are_chinese() -> None:
    assert not [key for key in keys("zh-CN") if not re.search(r"[\u4e00-\u9fff]", words("zh-CN", key))]


def test_a_missing_blank_stays_visible_and_an_unknown_key_is_its_own_text() -> None:
    assert "{value}" in words("en", "error.kernel.imei_form.what")
    assert words("en", "no.such.key") == "no.such.key"


def test_a_blank_cannot_reach_into_an_object() -> None:
    assert "__class__" not in words("en", "error.kernel.imei_form.what", value="{0.__class__}").replace(
        "{0.__class__}", ""
    )


def test_the_language_is_the_first_that_is_known() -> None:
    assert prefer("zh-CN,zh;q=0.9,en;q=0.8") == "zh-CN"
    assert prefer("fr, en-GB;q=0.7, zh;q=0.3") == "en"
    assert prefer("zh_CN.UTF-8") == "zh-CN"
    assert prefer("") == "en"
