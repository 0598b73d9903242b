/// The settings that changed when the configuration was read again.
struct ConfigurationChange: Equatable {
    /// Changed settings that take effect now.
    var taken: [String] = []
    /// Changed settings that take effect after a restart.
    var waiting: [String] = []

    var isToken: Bool { taken.contains(Token.variables[0]) }
}

extension ServiceConfiguration {
    /// Applies the reloadable settings of a new configuration.
    ///
    /// - Throws: ``InvalidSetting`` if they conflict with the settings that stay.
    func taking(_ new: ServiceConfiguration) throws(InvalidSetting) -> (configuration: ServiceConfiguration, change: ConfigurationChange) {
        let reloadable = lines.filter(\.isReloadable).map(\.variable)
        let configuration = try ServiceConfiguration(source.taking(Set(reloadable + Token.variables), from: new.source))
        var change = ConfigurationChange()
        for (old, new) in zip(lines, new.lines) where !old.isReloadable && old.text != new.text { change.waiting.append(new.variable) }
        // Secrets have no text to compare.
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
