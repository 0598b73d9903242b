import Jobs

/// A refusal, as ``ProblemJSON`` writes it.
enum ProblemSchema {
    static let all: [String: JSONValue] = ["Problem": problem]

    private static let problem = Schema.object(
        "Why a request was refused.",
        [
            "error": Schema.text("One sentence for people."),
            "code": Schema.text("A word for programs."),
            "details": Schema.list(
                "The members that are wrong, at most 20.",
                of: Schema.object(
                    "One of them.",
                    [
                        "path": Schema.list("Which.", of: Schema.text("A name."), ["minItems": 1]),
                        "message": Schema.text("One sentence about it."),
                    ]), ["minItems": 1, "maxItems": 20]),
            "other_details": Schema.whole("How many more are wrong.", ["minimum": 1]),
            "job": Schema.named("Job"),
            "request_id": Schema.text("Names the answer in the service's log."),
        ], optional: ["details", "other_details", "job", "request_id"])
}
