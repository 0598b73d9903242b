import Jobs

/// Krea's own routes, one for each model.
enum GenerationOperations {
    static func paths() throws -> [String: [String: Operation]] {
        var paths: [String: [String: Operation]] = [:]
        for model in Model.all {
            for route in model.routes.map(\.path) where Model.atRoute(route) == model {
                paths["/generate/image/\(route)"] = ["post": try generate(model, at: route)]
            }
        }
        return paths
    }

    private static func generate(_ model: Model, at route: String) throws -> Operation {
        Operation(
            id: "generate-\(route.replacing("/", with: "-"))", summary: "Ask \(model.name) for pictures",
            description: "Like Krea's own, but queued and paced. Best for: \(English().bestFor(model)).",
            parameters: [Parameter.requestKey, Parameter.webhook] + Parameter.waits,
            body: Operation.body(RequestSchema.name(of: model), examples: ["usual": Example.request(for: model)]),
            answers: [
                "200": Operation.answer("The job.", "Job", example: try Example.job(), headers: Header.ofAcceptance),
                "202": Operation.answer(
                    "The job, when the wait for its end is over.", "Job", example: try Example.job(), headers: Header.ofAcceptance),
            ],
            refusals: SharedAnswer.change + [.wrongType, .invalid, .queueFull])
    }
}
