/// Writes the OpenAPI 3.1 document of a dialect, the answer to `GET /openapi.json`.
enum RouteDocumentation {
    static func make(for dialect: Dialect) -> JSON {
        var paths: [String: JSON] = [
            "/jobs": ["get": ["summary": "List jobs", "tags": ["General"], "responses": answers("A page of jobs, the newest first.")]],
            "/jobs/{id}": [
                "get": ["summary": "Get a job by ID", "tags": ["General"], "responses": answers("The job.")],
                "delete": ["summary": "Delete a job by ID", "tags": ["General"], "responses": answers("The job was deleted.")],
            ],
        ]
        for route in dialect.routes { paths[route.path] = ["post": operation(of: route)] }
        return [
            "openapi": "3.1.0",
            "info": ["title": "Krea API (simulator)", "version": "v1"],
            "servers": [["url": "https://api.krea.ai"]],
            "security": [["bearerAuth": []]],
            "components": ["securitySchemes": ["bearerAuth": ["type": "http", "scheme": "bearer"]]],
            "paths": .object(paths),
        ]
    }

    private static func operation(of route: SimulatedRoute) -> JSON {
        var operation: [String: JSON] = [
            "tags": ["Image"],
            "summary": .string(route.summary),
            "parameters": [
                ["name": "X-Webhook-URL", "in": "header", "required": false, "schema": ["type": "string", "format": "uri"]]
            ],
            "requestBody": ["content": ["application/json": ["schema": document(route.request)]]],
            "responses": answers("The job, not yet done."),
        ]
        if !route.prices.isEmpty {
            let points = route.prices.map { price -> JSON in
                ["amount": .number(price.amount), "dimensions": .object(price.dimensions.mapValues { .string($0) })]
            }
            operation["x-krea-pricing"] = ["type": "fixed", "currency": "USD", "unit": "request", "price_points": .array(points)]
        }
        return .object(operation)
    }

    private static func answers(_ success: String) -> JSON {
        let codes = [
            "200": success, "400": "The request is invalid.", "401": "You are not authenticated.",
            "402": "You have run out of credits.", "404": "Not found.", "429": "You have reached the maximum number of concurrent jobs.",
        ]
        return .object(codes.mapValues { ["description": .string($0)] })
    }

    private static func document(_ object: ObjectSchema) -> JSON {
        var members: [String: JSON] = [:]
        for property in object.properties {
            guard case .object(var schema) = document(property.schema) else { continue }
            schema["default"] = property.standard
            members[property.name] = .object(schema)
        }
        var schema: [String: JSON] = ["type": "object", "properties": .object(members)]
        let required = object.properties.filter(\.required).map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        if object.closed { schema["additionalProperties"] = false }
        return .object(schema)
    }

    private static func document(_ schema: BodySchema) -> JSON {
        var words: [String: JSON] = [:]
        switch schema {
        case .string(let minLength, let maxLength, let allowed):
            words["type"] = "string"
            words["minLength"] = minLength.map { .number(Double($0)) }
            words["maxLength"] = maxLength.map { .number(Double($0)) }
            if !allowed.isEmpty { words["enum"] = .array(allowed.map { .string($0) }) }
        case .ratio:
            words = ["type": "string", "pattern": "^[1-9][0-9]*:[1-9][0-9]*$"]
        case .uri(let maxLength):
            words = ["type": "string", "format": "uri"]
            words["maxLength"] = maxLength.map { .number(Double($0)) }
        case .number(let bounds), .integer(let bounds):
            words["type"] = "number"
            if case .integer = schema { words["type"] = "integer" }
            words["minimum"] = bounds.minimum.map { .number($0) }
            words["maximum"] = bounds.maximum.map { .number($0) }
        case .array(let items, let maxItems):
            words = ["type": "array", "items": document(items)]
            words["maxItems"] = maxItems.map { .number(Double($0)) }
        case .object(let object): return document(object)
        case .nullable(let schema): words["anyOf"] = [document(schema), ["type": "null"]]
        }
        return .object(words)
    }
}
