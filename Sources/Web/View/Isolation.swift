import Jobs

/// Isolates foreign words in our sentences, so that each runs in its own direction (Unicode Standard Annex 9, section 2.4).
///
/// A sentence for a page has its foreign words between two marks, which become `<bdi>` in HTML and characters in an attribute or a title.
enum Isolation {
    // Control characters, which our texts do not have and which are removed from foreign words.
    private static let (start, end): (Unicode.Scalar, Unicode.Scalar) = ("\u{2}", "\u{3}")

    /// The words between marks, or without marks if all of them run from left to right as our sentences do.
    static func marked(_ words: String) -> String {
        let isMarked = words.unicodeScalars.contains(where: isMark)
        let words = isMarked ? String(String.UnicodeScalarView(words.unicodeScalars.filter { !isMark($0) })) : words
        // Right-to-left scripts and direction marks begin with the Hebrew block.
        return words.unicodeScalars.contains { $0.value >= 0x590 } ? "\(start)\(words)\(end)" : words
    }

    /// A sentence for a place without markup: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE stand for the marks.
    static func plain(_ sentence: String) -> String {
        String(String.UnicodeScalarView(sentence.unicodeScalars.map { $0 == start ? "\u{2068}" : $0 == end ? "\u{2069}" : $0 }))
    }

    /// The parts of a sentence; every second one is foreign.
    fileprivate static func parts(of sentence: String) -> [Substring.UnicodeScalarView] {
        sentence.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isMark)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { scalar == start || scalar == end }
}

extension HTML {
    /// A sentence with marked foreign words.
    init(isolating sentence: String) {
        let parts = Isolation.parts(of: sentence).enumerated().map { index, part -> HTML in
            index.isMultiple(of: 2) ? "\(String(part))" : "<bdi>\(String(part))</bdi>"
        }
        self = parts.reduce("") { "\($0)\($1)" }
    }
}

extension RequestFault {
    /// The fault with the given value marked.
    fileprivate var marked: RequestFault {
        switch self {
        case .unknownModel(let value): .unknownModel(Isolation.marked(value))
        case .otherModel(let value, let model): .otherModel(Isolation.marked(value), than: model)
        case .outside(let value, let allowed): .outside(Isolation.marked(value), allowed)
        case .required, .noText, .empty, .invisible, .control, .tooLong, .tooShort, .modelGone, .givenTwice, .unknownMember, .webhooksOff,
            .noWebhookAddress, .webhookHost, .insecureWebhook:
            self
        }
    }
}

extension Warning {
    /// The warning with foreign words marked.
    var marked: Warning {
        switch self {
        case .notAllowed(let field, let value): .notAllowed(field, value: Isolation.marked(value))
        case .replaced, .longerQueue, .notTaken, .onlyFirst, .sizeForRatio, .strangeAddresses, .surplus, .missing: self
        }
    }
}

extension Texts {
    /// What is wrong with a member, for a page.
    func sentence(of problem: InvalidRequest.Problem) -> HTML {
        let isOurs = problem.member == "model" || RequestField.named(problem.member) != nil
        return HTML(isolating: fault(problem.fault.marked, of: isOurs ? problem.member : Isolation.marked(problem.member)))
    }
}
