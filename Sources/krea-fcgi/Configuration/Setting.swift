/// One environment variable: its name, what it is for, what it is when it is not set, and what is allowed.
struct Setting<Value: Sendable>: Sendable {
    let variable: String
    let purpose: String
    /// What holds when the variable is not set, as it would be written.
    let fallback: String
    /// What is allowed, in words that follow "must be".
    let allowed: String
    let parse: @Sendable (String) -> Value?
    /// Whether a running service takes a change over.
    var isReloadable = false

    /// The value, and a line about it. An empty variable counts as not set, as in systemd's unit files.
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

    /// The same setting, which a running service takes over when it changes.
    var reloadable: Setting {
        var setting = self
        setting.isReloadable = true
        return setting
    }
}

/// A variable with a value that is not allowed: one sentence that names the variable, the value and what is allowed.
struct InvalidSetting: Error, Equatable, CustomStringConvertible {
    let description: String
}

extension Setting<Duration> {
    /// A time in seconds; fractions are allowed.
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
