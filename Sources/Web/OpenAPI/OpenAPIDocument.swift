import HTTPTypes
import Jobs

/// The description of the API (OpenAPI 3.1.0), built from the same parts as the API itself.
///
/// Paths are Krea's, below `api/` of this service, so that a program written for Krea finds what it knows.
enum OpenAPIDocument {
    /// - Parameters:
    ///   - keysMatter: Whether programs need keys.
    ///   - catalogue: The rules for requests at present.
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
                "description": "Pictures from Krea, queued and paced. Create a job, and read it until it has ended.",
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
                    "description": "A key from the operator. Users whom the web server has let in need none.",
                ]
            ],
        ]
    }
}
