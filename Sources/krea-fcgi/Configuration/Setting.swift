/// A setting: the name of its variable, its purpose, its default and its allowed values.
struct Setting<Value: Sendable>: Sendable {
    let variable: String
    let purpose: String
    /// The default, as it would be written.
    let fallback: String
    /// The allowed values, in words that follow "must be".
    let allowed: String
    let parse: @Sendable (String) -> Value?
    /// Whether a reload applies a change.
    var isReloadable = false

    /// Reads the value, with a line about it. An empty variable counts as not set, as in systemd's unit files.
    ///
    /// - Throws: ``InvalidSetting``
    func read(_ source: ConfigurationSource) throws(InvalidSetting) -> (value: Value, line: SettingLine) {
        let text = source.text(of: variable) ?? fallback
        let origin = source.origin(of: variable)
        guard let value = parse(text) else {
            let place = if case .file = origin { " (\(origin))" } else { "" }
            throw InvalidSetting(description: "\(variable) is \"\(text)\"\(place) but must be \(allowed).")
        }
        let line = SettingLine(
            variable: variable, text: text, purpose: purpose, allowed: allowed, fallback: fallback, origin: origin,
            isReloadable: isReloadable)
        return (value, line)
    }

    /// This setting, marked as reloadable.
    var reloadable: Setting {
        var setting = self
        setting.isReloadable = true
        return setting
    }
}

/// An invalid value of a setting. One sentence names the variable, the value unless it is secret, and the allowed values.
struct InvalidSetting: Error, Equatable, CustomStringConvertible {
    let description: String
}

extension Setting<Duration> {
    /// A duration in seconds; fractions are allowed.
    static func seconds(_ variable: String, _ purpose: String, fallback: String, within bounds: ClosedRange<Double>?) -> Self {
        Setting(
            variable: variable, purpose: purpose, fallback: fallback,
            allowed: bounds.map { "a number of seconds from \(shortest($0.lowerBound)) to \(shortest($0.upperBound))" }
                ?? "a number of seconds above 0",
            parse: { text in
                guard let seconds = Double(text), seconds > 0, seconds < 1e9, bounds?.contains(seconds) ?? true else { return nil }
                return .microseconds(Int64((seconds * 1e6).rounded(.up)))
            })
    }

    private static func shortest(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}

extension Setting<Int> {
    /// A whole number.
    static func count(_ variable: String, _ purpose: String, fallback: String, within bounds: ClosedRange<Int>) -> Self {
        Setting(
            variable: variable, purpose: purpose, fallback: fallback,
            allowed: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
            parse: { text in Int(text).flatMap { bounds.contains($0) ? $0 : nil } })
    }
}
