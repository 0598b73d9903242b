import Jobs

/// The models for programs, in the order in which they are offered, with what the catalogue knows of their routes.
struct ModelsJSON: JSONWritable {
    private let catalogue: Catalogue

    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    func write(to json: inout JSONWriter) {
        let readAt = catalogue.readAt
        json.object { json in
            json.member("catalogue") { json in
                json.member("read_at", readAt?.iso8601)
                json.member("source", readAt == nil ? "built_in" : "krea")
            }
            json.member("items", Model.all.map { Item(model: $0, route: catalogue.route(for: $0)) })
        }
    }

    private struct Item: JSONWritable {
        let model: Model
        /// Nil if Krea no longer has a route for the model.
        let route: KreaRoute?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("aliases", model.aliases)
                json.member("best_for", English().bestFor(model))
                json.member("default", model == .default)
                json.member("id", model.id)
                // Else several pictures become several jobs.
                json.member("makes_batches", route?.makesBatches ?? false)
                json.member("members") { json in
                    json.members(route?.fields.filter { model.takes($0.key) }.map { ($0.key.rawValue, $0.value) } ?? [])
                }
                json.member("name", model.name)
                json.member("prices", route?.prices ?? [])
                json.member("route", route?.path)
                json.member("steps", model.defaultSteps)
                json.member("typical_seconds") { json in
                    json.member("max", model.typicalSeconds.upperBound)
                    json.member("min", model.typicalSeconds.lowerBound)
                }
                json.member("used_model", route.map { model.name(at: $0.path) })
            }
        }
    }
}

/// A bound is of a number, of the characters of a prompt, or of the elements of a list.
extension FieldRule: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("max", ifAny: maximum)
            json.member("min", ifAny: minimum)
            json.member("required", isRequired)
            json.member("values", ifAny: choices)
        }
    }
}

/// A price holds for these values of members, by Krea's names.
extension KreaRoute.Price: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("conditions") { $0.members(conditions.map { ($0.key, $0.value) }) }
            json.member("usd", usd)
        }
    }
}
