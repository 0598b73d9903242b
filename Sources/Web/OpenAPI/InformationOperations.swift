import Jobs

/// What can be read about the service.
enum InformationOperations {
    static func paths() -> [String: [String: Operation]] {
        ["/models": ["get": models], "/openapi.json": ["get": document]]
    }

    private static let models = Operation(
        id: "listModels", summary: "List the models", parameters: [Parameter.known],
        answers: ["200": Operation.answer("The models.", "Models", headers: [.eTag]), "304": unchanged])

    private static let document = Operation(
        id: "describe", summary: "This document", parameters: [Parameter.known],
        answers: [
            "200": Operation.answer(
                "OpenAPI 3.1.", json: ["type": "object", "required": ["openapi", "info", "paths"], "additionalProperties": true],
                headers: [.eTag]),
            "304": unchanged,
        ])

    private static let unchanged = Operation.answer("Unchanged.", headers: [.eTag])

    /// Beside the API, not below it.
    static let health = Operation(
        id: "health", summary: "Whether jobs can be read",
        answers: [
            "200": Operation.answer("They can.", content: ["text/plain": ["schema": ["const": "ok\n"]]]),
            "503": Operation.answer("They cannot.", content: ["text/plain": ["schema": ["type": "string"]]]),
        ])
}
