/// The text format of OpenMetrics 1.0.0, which Prometheus reads.
enum OpenMetrics {
    static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    /// The families in turn, then the end mark.
    static func text(_ families: [MetricFamily]) -> String {
        families.map(text).joined() + "# EOF\n"
    }

    private static func text(_ family: MetricFamily) -> String {
        var lines = ["# TYPE \(family.name) \(family.kind.rawValue)"]
        // The unit, if there is one, is the name's last word.
        if let unit = ["seconds", "bytes"].first(where: { family.name.hasSuffix("_\($0)") }) {
            lines.append("# UNIT \(family.name) \(unit)")
        }
        lines.append("# HELP \(family.name) \(escaped(family.help))")
        lines += family.samples.map { sample in
            let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
            return "\(family.name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))"
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// A number in the format's notation; whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
