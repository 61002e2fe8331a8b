"""Sample data are called so before anybody signs in, and by the name of their bureau."""

from __future__ import annotations

from django.core.management import call_command
from django.test import Client

from liuhen.journal.models import BureauRow
from tests.faces.desk.pages import text
from tests.office import Office


def sign_in_page(client: Client, **headers: str) -> str:
    return text(client.get("/sign-in/", headers={"host": "127.0.0.1", **headers}))


def test_the_sign_in_page_names_the_bureau_whose_data_are_invented(office: Office, client: Client) -> None:
    BureauRow.objects.filter(id=office.bureau).update(zh="某某示例局", en="Such Bureau")
    page = sign_in_page(client)
    assert "某某示例局" in page
    assert "均为虚构" in page
    assert "示例数据" in page
    client.get("/language/?to=en", headers={"host": "127.0.0.1"})
    assert "Such Bureau" in sign_in_page(client)
    assert "are invented" in sign_in_page(client)


def test_where_every_bureau_is_real_it_says_nothing_of_samples(office: Office, client: Client) -> None:
    BureauRow.objects.update(sample=False)
    page = sign_in_page(client)
    assert "虚构" not in page
    assert "示例" not in page


def test_beside_a_real_bureau_the_page_itself_is_not_marked(office: Office, client: Client) -> None:
    BureauRow.objects.create(id="zhenshi", zh="正式局", en="Real")
    answer = client.get("/sign-in/", headers={"host": "127.0.0.1"})
    assert "均为虚构" in text(answer)
    assert 'class="demo"' not in answer.content.decode()


def test_setting_up_again_does_not_lose_the_mark(office: Office, client: Client) -> None:
    call_command("set_up", bureau=office.bureau, rulebook=["bazhou"])
    assert BureauRow.objects.get(id=office.bureau).sample
    assert "均为虚构" in sign_in_page(client)
