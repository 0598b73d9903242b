import HTTPTypes

/// A language in which the pages can be read. A further one is a case here and a file of ``Texts``. The raw value is its tag (BCP 47).
enum Language: String, CaseIterable {
    case english = "en"
    case chinese = "zh-Hans"

    var texts: any Texts {
        switch self {
        case .english: English()
        case .chinese: Chinese()
        }
    }

    /// What it calls itself.
    var name: String {
        switch self {
        case .english: "English"
        case .chinese: "中文"
        }
    }

    /// The parameter and the cookie in which a reader's choice is.
    static let choice = "lang"

    /// The language of a reader: what was chosen by the switch, now or before, else what the browser asks for, else English.
    init(of request: HTTPRequest, query: String) {
        let chosen = FormFields(query: query)[Self.choice] ?? Cookies(of: request)[Self.choice]
        self = chosen.flatMap(Language.init) ?? Self.wanted(by: request.headerFields[.acceptLanguage] ?? "") ?? .english
    }

    /// The one that the `Accept-Language` field wants most (RFC 9110, section 12.5.4); nil where it wants none of ours.
    ///
    /// A range means every tag that begins with it and those that it begins with: `zh`, `zh-CN` and `zh-TW` all mean the one Chinese that
    /// there is.
    private static func wanted(by field: String) -> Language? {
        let ranges = field.lowercased().split(separator: ",").map { $0.split(separator: ";").map(\.trimmingSpaces) }
        let weighted = ranges.compactMap { parts -> (language: Language, weight: Double)? in
            guard let range = parts.first?.split(separator: "-").first else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            guard weight > 0, let language = allCases.first(where: { $0.rawValue.split(separator: "-")[0] == range }) else { return nil }
            return (language, weight)
        }
        // Of equals the first.
        return weighted.enumerated().max { ($0.element.weight, -$0.offset) < ($1.element.weight, -$1.offset) }?.element.language
    }
}
