"""Italian and Turkish: words that must be found, words that must not, and prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from payaudit.model.money import Money
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.prices import Amount, amounts, episode_count, period_in, trial_days

HITS = [
    ("pay", "Acquista ora"),
    ("pay", "ABBONATI ORA"),
    ("pay", "Conferma e paga"),
    ("unlock", "Sblocca tutti gli episodi"),
    ("renewal", "Si rinnova automaticamente a 4,99 € a settimana"),
    ("renewal", "Annulla quando vuoi"),
    ("stop_renewal", "Disattiva il rinnovo automatico"),
    ("manage_renewal", "Gestisci l’abbonamento"),
    ("no_renewal", "Non hai abbonamenti attivi"),
    ("one_off", "Pagamento unico, senza rinnovo automatico"),
    ("trial", "3 giorni gratis"),
    ("decline", "No, grazie"),
    ("close", "Chiudi"),
    ("shame", "No, preferisco pagare il prezzo intero"),
    ("refund", "Gli acquisti non sono rimborsabili: nessun rimborso"),
    ("consent", "Continuando accetti i Termini di servizio"),
    ("age_gate", "Ho più di 18 anni"),
    ("tab_coins", "Monete"),
    ("pay", "Hemen satın al"),
    ("pay", "ŞİMDİ ÖDE"),
    ("unlock", "Tüm bölümlerin kilidini aç"),
    ("renewal", "Otomatik olarak yenilenir"),
    ("renewal", "İstediğin zaman iptal et"),
    ("stop_renewal", "ABONELİĞİ İPTAL ET"),
    ("tab_subscription", "YILLIK PLAN"),
    ("manage_renewal", "Aboneliklerim"),
    ("no_renewal", "Aktif aboneliğiniz yok"),
    ("one_off", "Tek seferlik ödeme"),
    ("trial", "7 günlük ücretsiz deneme"),
    ("decline", "Hayır, teşekkürler"),
    ("close", "Vazgeç"),
    ("agreement_link", "Gizlilik Politikası"),
    ("minor", "18 yaşından küçükler"),
    ("refund", "Satın alımlar için geri ödeme yapılmaz"),
    ("stop_renewal", "ยกเลิกการสมัครสมาชิก"),
    ("manage_renewal", "Quản lý gói đăng ký"),
    ("all_episodes", "Desbloqueie todos os episódios"),
]

MISSES = [
    ("pay", "Metodo di pagamento"),
    ("pay", "Continua a guardare"),
    ("pay", "10.000 abbonati"),
    ("renewal", "Acquisto singolo, non si rinnova"),
    ("renewal", "3 episodi a settimana"),
    ("renewal", "una settimana"),
    ("renewal", "Abbonati alla newsletter"),
    ("close", "Annulla l'abbonamento"),
    ("stop_renewal", "Come disdire l'abbonamento"),
    ("back", "Rimborso"),
    ("login", "Accedi a tutti gli episodi"),
    ("lock", "Sbloccato"),
    ("trial", "À prova de balas"),
    ("shame", "No, grazie"),
    ("pay", "Ödeme yöntemi"),
    ("pay", "Satın alma geçmişi"),
    ("renewal", "Otomatik yenilenmez"),
    ("renewal", "Bültenimize abone ol"),
    ("close", "Aboneliği iptal et"),
    ("decline", "Daha sonra ayda ₺199,99"),
    ("accept_gate", "Kabul etmiyorum"),
    ("accept_gate", "İzin verme"),
    ("back", "Geri ödeme"),
    ("currency", "Kredi kartı"),
    ("stop_renewal", "วิธียกเลิกการสมัคร"),
    ("stop_renewal", "Cách hủy gói đăng ký"),
    ("all_episodes", "nem todos os episódios"),
]

PRICES = [
    ("4,99 €/settimana", "4.99", "EUR", "week", "price"),
    ("poi 9,99 € al mese", "9.99", "EUR", "month", "renewal"),
    ("3 giorni gratis, poi 4,99 € a settimana", "4.99", "EUR", "week", "renewal"),
    ("29,99 € all'anno", "29.99", "EUR", "year", "price"),
    ("Abbonamento settimanale 4,99 €", "4.99", "EUR", "week", "price"),
    ("anziché 19,99 €", "19.99", "EUR", None, "reference"),
    ("Risparmia 10 €", "10", "EUR", None, "saving"),
    ("Risparmia il 50% 4,99 €/mese", "4.99", "EUR", "month", "price"),
    ("0,99 € per la prima settimana", "0.99", "EUR", None, "first"),
    ("Sblocca dopo il pagamento di 4,99 €", "4.99", "EUR", None, "price"),
    ("₺49,99/hafta", "49.99", "TRY", "week", "price"),
    ("sonra ayda ₺199,99", "199.99", "TRY", "month", "renewal"),
    ("7 gün ücretsiz, sonra 199,99 TL/ay", "199.99", "TRY", "month", "renewal"),
    ("YILLIK ₺999", "999", "TRY", "year", "price"),
    ("12 aylık ₺999,99", "999.99", "TRY", None, "price"),
    ("ilk hafta ₺9,99", "9.99", "TRY", None, "first"),
    ("₺50 indirim", "50", "TRY", None, "saving"),
    ("%50 indirim ₺49,99", "49.99", "TRY", None, "price"),
    ("₺199,99/ay olarak yenilenir", "199.99", "TRY", "month", "renewal"),
    ("ödedikten sonra ₺5", "5", "TRY", None, "price"),
]

PERIODS = [
    ("Piano annuale", "year"),
    ("4,99 € a settimana", "week"),
    ("Prova gratuita di 7 giorni, poi 29,99 € all'anno", "year"),
    ("l'anno scorso", None),
    ("3 giorni prima", None),
    ("12 aylık plan", "year"),
    ("HAFTALIK", "week"),
    ("yenilemeden 7 gün önce", None),
]


@pytest.mark.parametrize(("group", "text"), HITS)
def test_a_word_is_found(group: str, text: str) -> None:
    assert bundled().has(group, text)


@pytest.mark.parametrize(("group", "text"), MISSES)
def test_what_only_sounds_like_it_is_not(group: str, text: str) -> None:
    assert bundled().find(group, text) == ()


@pytest.mark.parametrize(("text", "value", "currency", "per", "role"), PRICES)
def test_a_price_is_read(text: str, value: str, currency: str, per: str | None, role: str) -> None:
    (one,) = amounts(text)
    assert (one.money, one.per, one.role) == (
        Money(amount=Decimal(value), currency=currency),
        per,
        role,
    )


@pytest.mark.parametrize("text", ["₺99,99 yerine ₺49,99", "prima 99,99 €, ora 49,99 €"])
def test_the_former_price_is_told_from_the_price(text: str) -> None:
    assert [one.role for one in amounts(text)] == ["reference", "price"]


@pytest.mark.parametrize(("text", "period"), PERIODS)
def test_a_plan_is_named_by_its_period(text: str, period: str | None) -> None:
    assert period_in(text) == period


@pytest.mark.parametrize("text", ["Prova gratuita di 7 giorni", "7 günlük ücretsiz deneme"])
def test_a_trial_has_its_length(text: str) -> None:
    assert trial_days(text) == 7


@pytest.mark.parametrize(
    ("text", "name", "per"),
    [("10 monete per episodio", "monete", "episode"), ("bölüm başına 10 jeton", "jeton", "episode")],
)
def test_coins_have_their_names(text: str, name: str, per: str) -> None:
    (one,) = amounts(text)
    assert isinstance(one, Amount)
    assert (one.coins, one.coin_name, one.per) == (10, name, per)


@pytest.mark.parametrize("text", ["80 episodi", "Tüm 80 bölüm", "80 tập"])
def test_episodes_are_counted(text: str) -> None:
    assert episode_count(text) == 80
    assert episode_count("80. bölüm") is None
