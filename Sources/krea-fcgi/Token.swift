import Configuration
import KreaAPI

/// Where the token comes from.
enum Token {
    /// The variables that may hold it; the first that is set counts.
    static let variables = ["KREA_API_TOKEN", "KREA_API_KEY"]

    /// Reads the token; nil when there is none. White space around it, as a file or a paste brings along, does not count.
    ///
    /// - Throws: ``InvalidSetting`` when it has characters that no header field can carry.
    static func read(_ reader: ConfigReader) throws(InvalidSetting) -> KreaToken? {
        for variable in variables {
            let text = reader.text(of: variable, isSecret: true) ?? ""
            guard let start = text.firstIndex(where: { !$0.isWhitespace }), let end = text.lastIndex(where: { !$0.isWhitespace })
            else { continue }
            if let token = KreaToken(String(text[start...end])) { return token }
            throw InvalidSetting(description: "\(variable) must be one word of printable ASCII characters (its value is not shown).")
        }
        return nil
    }
}
