import HTTPTypes

/// A language of the pages. A new one is a case here and a file of ``Texts``. The raw value is its tag (BCP 47).
enum Language: String, CaseIterable {
    case english = "en"
    case chinese = "zh-Hans"

    var texts: any Texts {
        switch self {
        case .english: English()
        case .chinese: Chinese()
        }
    }

    /// Its name in the language itself.
    var name: String {
        switch self {
        case .english: "English"
        case .chinese: "中文"
        }
    }

    /// The parameter and the cookie with a reader's choice.
    static let choice = "lang"

    /// The language of a reader: as chosen on a page, now or before, else as the browser asks, else English.
    init(of request: HTTPRequest, query: String) {
        let chosen = FormFields(query: query)[Self.choice] ?? Cookies(of: request)[Self.choice]
        self = chosen.flatMap(Language.init) ?? Self.wanted(by: request.headerFields[.acceptLanguage] ?? "") ?? .english
    }

    /// The language that `Accept-Language` prefers (RFC 9110, section 12.5.4); nil if it accepts none of ours.
    ///
    /// Only the first subtag counts: `zh`, `zh-CN` and `zh-TW` all mean our one Chinese.
    private static func wanted(by field: String) -> Language? {
        let ranges = field.lowercased().split(separator: ",").map { $0.split(separator: ";").map(\.trimmingSpaces) }
        let weighted = ranges.compactMap { parts -> (language: Language, weight: Double)? in
            guard let range = parts.first?.split(separator: "-").first else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            guard weight > 0, let language = allCases.first(where: { $0.rawValue.split(separator: "-")[0] == range }) else { return nil }
            return (language, weight)
        }
        // The first of equals.
        return weighted.enumerated().max { ($0.element.weight, -$0.offset) < ($1.element.weight, -$1.offset) }?.element.language
    }
}
