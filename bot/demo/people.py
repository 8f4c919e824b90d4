"""Who is in the made-up team of the demo, and whom they sell to: names, industries, sources and what is said."""

from dataclasses import dataclass

from bot.demo.local_slack import Channel, LocalSlackConfig, SlackApp, User, Workspace


@dataclass(frozen=True)
class Person:
    """Somebody of the team. `drive` moves deals on (in log-odds a day), `care` is how often they speak with customers,
    `share` how many of the deals are theirs."""

    user_id: str
    handle: str
    name: str
    drive: float
    care: float
    share: float


MAYA = Person("U0MAYA", "maya", "Maya Chen", drive=0.25, care=1.1, share=0.5)
"""The lead of the team, with deals of her own: whoever opens the page in a browser is Maya."""
BEN = Person("U0BEN", "ben", "Ben Okafor", drive=0.1, care=1.1, share=1.1)
SOFIA = Person("U0SOFIA", "sofia", "Sofia Lindqvist", drive=0.2, care=1.3, share=1.2)
TEAM = (
    MAYA,
    BEN,
    SOFIA,
    Person("U0LUCA", "luca", "Luca Moretti", drive=-0.15, care=0.8, share=1.0),
    Person("U0PRIYA", "priya", "Priya Nair", drive=0.15, care=1.0, share=1.1),
    Person("U0TOM", "tom", "Tom Becker", drive=-0.3, care=0.65, share=0.9),
    Person("U0GRACE", "grace", "Grace Adeyemi", drive=0.0, care=1.0, share=1.0),
)

TEAM_ID = "T0SLUICE"
SALES = "C0SALES"
EMEA = "C0EMEA"
BOT = SlackApp(
    app_id="A0SLUICE",
    bot_user_id="U0SLUICE",
    bot_name="Sluice",
    bot_token="xoxb-demo",  # noqa: S106 - the local Slack takes any
    app_token="xapp-demo",  # noqa: S106
    signing_secret="demo",  # noqa: S106
)


def slack_of(time_zone: str) -> LocalSlackConfig:
    """The team's Slack. Everybody lives in the given zone, that of the machine, so that hours read as on its clock."""
    everybody = (*(person.user_id for person in TEAM), BOT.bot_user_id)
    return LocalSlackConfig(
        workspace=Workspace(name="Brightwater", domain="brightwater", team_id=TEAM_ID),
        apps=(BOT,),
        users=tuple(
            User(
                id=person.user_id,
                name=person.handle,
                real_name=person.name,
                email=f"{person.handle}@brightwater.example",
                tz=time_zone,
            )
            for person in TEAM  # the page begins as the first of them
        ),
        channels=(
            Channel(id=SALES, name="sales", members=everybody, topic="Every deal, every day"),
            Channel(id=EMEA, name="deals-emea", members=everybody, topic="Europe, Middle East and Africa"),
        ),
    )


@dataclass(frozen=True)
class Industry:
    """A kind of customer; `appeal` is how readily they buy (in log-odds a day)."""

    name: str
    endings: tuple[str, ...]
    appeal: float


INDUSTRY_FIELD = "Industry"
INDUSTRIES = (
    Industry("Software", ("Cloud", "Labs", "Systems", "Analytics"), 0.5),
    Industry("Logistics", ("Freight", "Logistics", "Shipping", "Couriers"), 0.2),
    Industry("Healthcare", ("Clinics", "Dental", "Health", "Diagnostics"), 0.1),
    Industry("Manufacturing", ("Foundry", "Plastics", "Tools", "Packaging"), 0.0),
    Industry("Retail", ("Outfitters", "Home", "Market", "Bikes"), -0.35),
    Industry("Hospitality", ("Hotels", "Kitchens", "Resorts", "Catering"), -0.6),
)
BEGINNINGS = (
    "Alder", "Amber Creek", "Arcadia", "Aspen", "Blue Harbor", "Bramble", "Cedar Hill", "Clearwater", "Copperfield",
    "Crescent", "Driftwood", "Eastgate", "Elm Street", "Evergreen", "Falcon", "Fernhill", "Fjord", "Foxglove",
    "Granite", "Greenline", "Harvest", "Hawthorn", "Highland", "Ironbridge", "Juniper", "Kestrel", "Lakeside",
    "Lighthouse", "Maple", "Marigold", "Meridian", "Northwind", "Oakridge", "Orchard", "Pinecrest", "Quarry",
    "Redwood", "Riverstone", "Rowan", "Saltbox", "Silverlake", "Solstice", "Stonebridge", "Summit", "Tidewater",
    "Timberline", "Verdant", "Westfield", "Willow", "Windmill",
)  # fmt: skip

FIRST_NAMES = (
    "Aisha", "Andrés", "Anna", "Carlos", "Chloé", "Daniel", "Elena", "Emeka", "Emma", "Fatima", "Hannah", "Hiro",
    "Ingrid", "James", "Jana", "Jonas", "Karim", "Laura", "Lena", "Marta", "Mei", "Nadia", "Noah", "Oliver", "Pavel",
    "Rachel", "Ravi", "Samuel", "Sara", "Stefan", "Tara", "Victor", "Yusuf", "Zoë",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Andersson", "Bauer", "Bianchi", "Castillo", "Dubois", "Evans", "Fischer", "García", "Haddad", "Ito",
    "Jensen", "Kaya", "Kowalski", "Larsen", "Mbeki", "Meyer", "Müller", "Novak", "O'Brien", "Patel", "Quinn", "Reyes",
    "Rossi", "Santos", "Schmidt", "Silva", "Tanaka", "Turner", "Virtanen", "Walker", "Weber", "Wong", "Young",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where deals come from; `appeal` is how readily they move on (in log-odds a day)."""

    name: str
    share: float
    appeal: float


SOURCES = (
    Source("Referral", 1.0, 0.8),
    Source("Partner", 0.9, 0.4),
    Source("Website", 1.8, 0.1),
    Source("Trade fair", 1.0, -0.2),
    Source("Cold call", 1.5, -0.8),
)

LOSS_REASONS = {
    "Price": 3.0,
    "Went with a competitor": 2.5,
    "No budget this year": 2.0,
    "Bad timing": 1.5,
    "A feature is missing": 1.0,
}
NO_ANSWER = "No answer any more"

SAID = {
    "call": (
        "Went through their open questions", "They asked about onboarding", "Spoke about price and terms",
        "Their team is growing and needs this by next quarter", "Short call, they will come back to us",
    ),
    "email": (
        "Sent the case study they asked for", "Sent an updated quote", "Answered the security questionnaire",
        "Confirmed the dates of the pilot", "Thanked them and recapped the next steps",
    ),
    "meeting": (
        "Demo for the whole team, good questions", "Met the head of operations", "Workshop on their current process",
        "Walked through the offer line by line", "Introduced our onboarding lead",
    ),
    "note": (
        "Budget is decided in the spring", "Also talks to two competitors", "Our champion moved to a new role",
        "They want a discount for three years", "Legal needs our standard contract",
    ),
}  # fmt: skip
NEXT_STEPS = (
    "Call them back", "Send the revised offer", "Book a demo for the team", "Meet the decision maker",
    "Ask for the signed order", "Check in after their board meeting", "Prepare the pilot", "Send references",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A deal whose story is told by hand, so that the demo always has these to show."""

    company: str
    industry: str
    owner: Person
    stage: str
    amount: int
    quiet_days: int
    last_words: str


TOLD = (
    Told("Northgate Shipping", "Logistics", BEN, "Negotiation", 184_000, 26, "Legal has our contract since Monday"),
    Told("Halden Diagnostics", "Healthcare", SOFIA, "Proposal", 96_500, 33, "They compare our offer with two others"),
    Told("Bluebird Hotels", "Hospitality", MAYA, "Qualified", 38_000, 30, "Waiting for the new head of purchasing"),
    Told("Orbit Analytics", "Software", MAYA, "Proposal", 61_000, 22, "Asked for a discount for three years"),
    Told("Tallgrass Packaging", "Manufacturing", MAYA, "Negotiation", 47_500, 1, "They sign once terms are net 45"),
)
