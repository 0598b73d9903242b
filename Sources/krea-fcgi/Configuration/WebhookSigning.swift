import Jobs
import Webhooks

/// Reads the secret that signs webhook messages.
enum WebhookSigning {
    static let variable = "KREA_FCGI_WEBHOOK_SECRET"
    private static let allowed =
        "whsec_ and the base64 of 24 to 64 random bytes, or up to \(WebhookSecret.mostKeys) of these separated by spaces"

    /// Reads the secret; nil if it is not set. White space around it is ignored.
    ///
    /// - Throws: ``InvalidSetting`` if it is invalid, or missing although hosts are set.
    static func read(_ source: ConfigurationSource, for hosts: WebhookHosts) throws(InvalidSetting) -> WebhookSecret? {
        let text = (source.text(of: variable) ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else {
            guard hosts.isEmpty else {
                throw InvalidSetting(description: "\(variable) is not set but must be, because KREA_FCGI_WEBHOOK_HOSTS is.")
            }
            return nil
        }
        if let secret = WebhookSecret(text) { return secret }
        throw InvalidSetting(description: "\(variable) must be \(allowed) (its value is not shown).")
    }

    /// The line about the setting, which never shows the secret.
    static func line(_ secret: WebhookSecret?, _ source: ConfigurationSource) -> SettingLine {
        .secret(
            variable, isSet: secret != nil, "the secret that signs webhook messages", allowed, source)
    }
}
