/// What becomes of a configuration that was read again.
struct ConfigurationChange: Equatable {
    /// The settings that have changed and count from now on.
    var taken: [String] = []
    /// The settings that have changed and count after a restart only.
    var waiting: [String] = []

    var isToken: Bool { taken.contains(Token.variables[0]) }
}

extension ServiceConfiguration {
    /// This configuration with everything of a new one that can change while the service runs, and what that is.
    ///
    /// - Throws: ``InvalidSetting`` when the new does not go together with what stays.
    func taking(_ new: ServiceConfiguration) throws(InvalidSetting) -> (configuration: ServiceConfiguration, change: ConfigurationChange) {
        let reloadable = lines.filter(\.isReloadable).map(\.variable)
        let configuration = try ServiceConfiguration(source.taking(Set(reloadable + Token.variables), from: new.source))
        var change = ConfigurationChange()
        for (old, new) in zip(lines, new.lines) where !old.isReloadable && old.text != new.text { change.waiting.append(new.variable) }
        // The texts of secrets are all alike.
        let secrets = [
            Token.variables[0]: token != configuration.token, WebhookSigning.variable: webhookSecret != configuration.webhookSecret,
            SigningSecret.variable: signingSecret != configuration.signingSecret,
        ]
        for (old, new) in zip(lines, configuration.lines) where secrets[new.variable] ?? (old.text != new.text) {
            change.taken.append(new.variable)
        }
        return (configuration, change)
    }
}
