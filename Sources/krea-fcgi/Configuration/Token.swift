import FoundationEssentials
import KreaAPI

/// Reads the Krea token.
enum Token {
    /// The variables that may hold it; the first that is set counts.
    static let variables = ["KREA_API_TOKEN", "KREA_API_KEY"]
    /// The possible names of a service manager's credential, read if no variable is set (systemd.exec(5), LoadCredential=).
    static let credentials = ["KREA_API_TOKEN", "krea-api-token"]

    /// Reads the token; nil if there is none. White space around it is ignored.
    ///
    /// - Throws: ``InvalidSetting`` if it has characters that a header field cannot carry, or a credential cannot be read.
    static func read(_ source: ConfigurationSource) throws(InvalidSetting) -> KreaToken? {
        for variable in variables {
            if let token = try token(source.text(of: variable) ?? "", from: variable) { return token }
        }
        guard let folder = source.text(of: "CREDENTIALS_DIRECTORY") else { return nil }
        for name in credentials {
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw InvalidSetting(description: "The credential \(path) cannot be read.")
            }
            if let token = try token(text, from: "The credential \(path)") { return token }
        }
        return nil
    }

    /// The line about the setting, which never shows the token.
    static func line(_ token: KreaToken?, _ source: ConfigurationSource) -> SettingLine {
        let variable = variables.first { source.origin(of: $0) != .fallback } ?? variables[0]
        let origin = source.origin(of: variable)
        return SettingLine(
            variable: variables[0], text: token?.description ?? "(not set)", purpose: "the API token of the Krea account",
            allowed: "one word of printable ASCII characters; \(variables[1]) is another name for it", fallback: "",
            origin: origin == .fallback && token != nil ? .credential : origin, isReloadable: true)
    }

    private static func token(_ text: String, from source: String) throws(InvalidSetting) -> KreaToken? {
        guard let start = text.firstIndex(where: { !$0.isWhitespace }), let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        if let token = KreaToken(String(text[start...end])) { return token }
        throw InvalidSetting(description: "\(source) must be one word of printable ASCII characters (its value is not shown).")
    }
}
