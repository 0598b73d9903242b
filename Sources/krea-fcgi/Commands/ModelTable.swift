import Jobs

/// The catalogue as lines for a terminal.
struct ModelTable {
    let lines: [String]

    init(_ catalogue: Catalogue, now: Timestamp) {
        let origin =
            catalogue.readAt.map { "Krea's own document, read \($0.iso8601), \(max(0, (now - $0).components.seconds / 60)) min ago" }
            ?? "built in: Krea's document was never read"
        let gone = catalogue.gone.sorted { $0.key < $1.key }.map { path, gone in
            "gone since \(gone.at.iso8601): \(path)\(gone.replacement.map { ", replaced by \($0)" } ?? "")"
        }
        lines = ["catalogue: \(origin)"] + gone + Model.all.flatMap { Self.lines($0, catalogue.route(for: $0)) }
    }

    private static func lines(_ model: Model, _ route: KreaRoute?) -> [String] {
        guard let route else { return ["", "\(model.name): not offered by Krea any more"] }
        let used = model.name(at: route.path)
        let prices = route.prices.map { price in
            let conditions = price.conditions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return "$\(price.usd)" + (conditions.isEmpty ? "" : " (\(conditions.joined(separator: ", ")))")
        }
        let fields = RequestField.allCases.compactMap { field in route.fields[field].map { text(of: field, $0) } }
        return [
            "", "\(model.name)\(used == model.name ? "" : ", now made by \(used)"): \(route.path)",
            "  price: \(prices.isEmpty ? "not known" : prices.joined(separator: ", "))",
            "  pictures in one job: \(route.makesBatches ? "several" : "one")",
        ] + fields
    }

    private static func text(of field: RequestField, _ rule: FieldRule) -> String {
        var words = [rule.name]
        if rule.isRequired { words.append("required") }
        if let choices = rule.choices { words.append(choices.joined(separator: " ")) }
        switch (rule.minimum, rule.maximum) {
        case (let least?, let most?): words.append("\(number(least)) to \(number(most))")
        case (let least?, nil): words.append("from \(number(least))")
        case (nil, let most?): words.append("up to \(number(most))")
        case (nil, nil): break
        }
        return "  \(field.rawValue): \(words.joined(separator: ", "))"
    }

    private static func number(_ value: Double) -> String { JSONValue.number(value).brief }
}
