import Jobs

/// The route that Krea calls.
enum WebhookOperations {
    static func paths() -> [String: [String: Operation]] {
        ["/webhooks/krea/{key}": ["post": hear]]
    }

    private static let hear = Operation(
        id: "hear", summary: "For Krea: a job there has ended",
        description: "Only a hint: the body is ignored, and every key gets the same answer, known or not.",
        parameters: [Parameter.webhookKey], answers: ["204": Operation.answer("Heard.")], refusals: SharedAnswer.change)
}
