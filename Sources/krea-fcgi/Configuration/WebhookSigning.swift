import Jobs
import Webhooks

/// Where the secret for signing messages comes from.
enum WebhookSigning {
    static let variable = "KREA_FCGI_WEBHOOK_SECRET"
    private static let allowed =
        "whsec_ and the base64 of 24 to 64 random bytes, or up to \(WebhookSecret.mostKeys) of these separated by spaces"

    /// Reads the secret; nil when there is none. White space around it, as a file or a paste brings along, does not count.
    ///
    /// - Throws: ``InvalidSetting`` when it is none, or when there are hosts to tell and it is missing.
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

    /// The line about it, which never shows it.
    static func line(_ secret: WebhookSecret?, _ source: ConfigurationSource) -> SettingLine {
        .secret(
            variable, isSet: secret != nil, "what messages to these hosts are signed with",
            allowed, source)
    }
}
