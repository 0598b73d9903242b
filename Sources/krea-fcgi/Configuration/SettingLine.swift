/// A setting with its value in force, for people and for comparison.
struct SettingLine: Sendable, Equatable, CustomStringConvertible {
    let variable: String
    /// The value; for a secret "(hidden)" or "(not set)".
    let text: String
    let purpose: String
    /// The allowed values, in words that follow "must be".
    let allowed: String
    /// The default, as it would be written.
    let fallback: String
    let origin: ConfigurationSource.Origin
    /// Whether a reload applies a change.
    let isReloadable: Bool

    var description: String { "\(variable) = \(text)\(origin == .environment ? "" : " (\(origin))")  # \(purpose)" }

    /// A line that hides the value.
    static func secret(_ variable: String, isSet: Bool, _ purpose: String, _ allowed: String, _ source: ConfigurationSource) -> SettingLine
    {
        SettingLine(
            variable: variable, text: isSet ? "(hidden)" : "(not set)", purpose: purpose, allowed: allowed, fallback: "",
            origin: source.origin(of: variable), isReloadable: true)
    }
}
