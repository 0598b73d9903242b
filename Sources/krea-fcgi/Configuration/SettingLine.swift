/// One setting as it is in force, for people and for comparing.
struct SettingLine: Sendable, Equatable, CustomStringConvertible {
    let variable: String
    /// The value; of a secret "(hidden)" or "(not set)".
    let text: String
    let purpose: String
    /// What is allowed, in words that follow "must be".
    let allowed: String
    /// What holds when it is not set, as it would be written.
    let fallback: String
    let origin: ConfigurationSource.Origin
    /// Whether a running service takes a change over.
    let isReloadable: Bool

    var description: String { "\(variable) = \(text)\(origin == .environment ? "" : " (\(origin))")  # \(purpose)" }

    /// A line that does not show its value.
    static func secret(_ variable: String, isSet: Bool, _ purpose: String, _ allowed: String, _ source: ConfigurationSource) -> SettingLine
    {
        SettingLine(
            variable: variable, text: isSet ? "(hidden)" : "(not set)", purpose: purpose, allowed: allowed, fallback: "",
            origin: source.origin(of: variable), isReloadable: true)
    }
}
