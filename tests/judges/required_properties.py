"""The properties that each element requires.

The models declare every property optional; this list follows the card schema:
https://adaptivecards.io/explorer/"""

import microsoft_teams.cards as models
from pydantic import BaseModel

_REQUIRED: dict[type[BaseModel], tuple[str, ...]] = {
    models.TextBlock: ("text",),
    models.RichTextBlock: ("inlines",),
    models.TextRun: ("text",),
    models.Image: ("url",),
    models.ImageSet: ("images",),
    models.Media: ("sources",),
    models.MediaSource: ("url",),
    models.BackgroundImage: ("url",),
    models.Container: ("items",),
    models.TableCell: ("items",),
    models.FactSet: ("facts",),
    models.Fact: ("title", "value"),
    models.ActionSet: ("actions",),
    models.TextInput: ("id",),
    models.NumberInput: ("id",),
    models.DateInput: ("id",),
    models.TimeInput: ("id",),
    models.ToggleInput: ("id", "title"),
    models.ChoiceSetInput: ("id",),  # its choices are checked by the parser
    models.Choice: ("title", "value"),
    # Without a verb the bot could not tell which button was pressed.
    models.ExecuteAction: ("verb",),
    models.OpenUrlAction: ("url",),
    models.ShowCardAction: ("card",),
    models.ToggleVisibilityAction: ("targetElements",),
    models.TargetElement: ("elementId",),
    models.RefreshDefinition: ("action",),
    models.Mention: ("text", "mentioned"),
    models.MentionedEntity: ("id", "name"),
}


def required_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Returns the JSON names of an element's required properties."""
    return _REQUIRED.get(model, ())
