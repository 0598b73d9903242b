import Jobs

/// The models, as ``ModelsJSON`` writes them.
enum ModelsSchema {
    static let all: [String: JSONValue] = ["Models": list, "Model": model, "Member": member, "Price": price]

    private static let list = Schema.object(
        "The models, the default first.",
        [
            "items": Schema.list("The models.", of: Schema.named("Model")),
            "catalogue": Schema.object(
                "Where the routes and limits come from.",
                [
                    "source": Schema.word("Krea's own document, or what was built in before one was read.", of: ["krea", "built_in"]),
                    "read_at": Schema.nullable(Schema.time("When Krea's document was read.")),
                ]),
        ])

    private static let model = Schema.object(
        "A model.",
        [
            "id": Schema.text("A short name that does not change."),
            "name": Schema.text("The name for people."),
            "default": Schema.flag("Whether it is used when none is named."),
            "aliases": Schema.list("Other names.", of: Schema.text("A name in small letters without spaces, - and _.")),
            "best_for": Schema.text("What it is good at."),
            "typical_seconds": Schema.object(
                "How long a picture usually takes.", ["min": Schema.number("At least."), "max": Schema.number("At most.")]),
            "steps": Schema.nullable(Schema.whole("How many are sent when none are given; null for a model that takes none.")),
            "route": Schema.nullable(Schema.text("Where Krea takes its jobs now, below /generate/image/; null if it no longer does.")),
            "used_model": Schema.nullable(Schema.text("The model that really makes the pictures there.")),
            "makes_batches": Schema.flag("Whether Krea makes several pictures in one job there."),
            "members": [
                "type": "object", "description": "What a request may have, by name.", "additionalProperties": Schema.named("Member"),
            ],
            "prices": Schema.list("What a job costs at Krea.", of: Schema.named("Price")),
        ])

    private static let member = Schema.object(
        "What a member may be: bounds of a number, of the characters of a prompt, or of the elements of a list.",
        [
            "min": Schema.number("The least."), "max": Schema.number("The most."),
            "values": Schema.list("The only values.", of: Schema.text("A value.")),
            "required": Schema.flag("Whether Krea needs it; a sensible value is sent if it is missing."),
        ], optional: ["min", "max", "values"])

    private static let price = Schema.object(
        "What a job costs under conditions.",
        [
            "usd": Schema.number("US dollars."),
            "conditions": [
                "type": "object", "description": "Values of members, by Krea's names; empty for the ordinary price.",
                "additionalProperties": ["type": "string"],
            ],
        ])
}
