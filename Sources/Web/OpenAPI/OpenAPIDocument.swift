import HTTPTypes
import Jobs

/// The description of the API for programs (OpenAPI 3.1.0), made of what the API itself is made of.
///
/// Paths stand as Krea's do, below the `api/` of this service: a program that is written for Krea finds there what it knows.
enum OpenAPIDocument {
    /// - Parameters:
    ///   - keysMatter: Whether keys are given out to programs.
    ///   - catalogue: By which requests are checked now.
    static func json(at links: Links, keysMatter: Bool, catalogue: Catalogue) throws -> JSONValue {
        let operations = [
            try JobOperations.paths(), try GenerationOperations.paths(), InformationOperations.paths(), WebhookOperations.paths(),
        ].reduce(into: [:]) { all, some in all.merge(some) { $1 } }
        func json(_ operation: Operation, _ method: String, at path: String) -> JSONValue {
            let needsKey = HTTPRequest.Method(rawValue: method.uppercased()).map(Route(path[...]).rules.needsKey) ?? false
            return operation.json(needsKey: needsKey, keysMatter: keysMatter)
        }
        var paths: [String: JSONValue] = [:]
        for (path, methods) in operations {
            paths[path] = .object(
                Dictionary(uniqueKeysWithValues: methods.map { ($0.key, json($0.value, $0.key, at: "/api\(path)")) }))
        }
        paths["/health"] = ["servers": [["url": .string(links.form)]], "get": json(InformationOperations.health, "get", at: "/health")]
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "krea-fcgi", "version": "1",
                "description": "Pictures from Krea, queued and paced. Ask for one, get a job, read the job until it has come to its end.",
            ],
            "servers": [["url": .string(links.api)]],
            "paths": .object(paths),
            "components": try components(catalogue),
        ]
    }

    private static func components(_ catalogue: Catalogue) throws -> JSONValue {
        let schemas = [JobSchema.all, RequestSchema(catalogue).all, ModelsSchema.all, ProblemSchema.all].reduce(into: [:]) { all, some in
            all.merge(some) { $1 }
        }
        return [
            "schemas": .object(schemas),
            "headers": .object(Dictionary(uniqueKeysWithValues: Header.allCases.map { ($0.rawValue, $0.json) })),
            "responses": .object(Dictionary(uniqueKeysWithValues: try SharedAnswer.allCases.map { ($0.name, try $0.json()) })),
            "securitySchemes": [
                "key": [
                    "type": "http", "scheme": "bearer",
                    "description": "A key that the operator has given out. Whom the web server has let in needs none.",
                ]
            ],
        ]
    }
}
