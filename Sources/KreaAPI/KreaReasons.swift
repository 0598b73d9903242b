import Jobs

/// Krea's reasons for a failure, from wherever the answer has them (krea-api.md, sections 3.3 and 4).
///
/// These are `error` (a text, an object or a list), `message`, `detail`, `reason` and `result.error`, and beside or inside them `details`,
/// `errors` or `issues` about single members.
struct KreaReasons {
    /// The reasons for the job's owner, at most ``AnswerLimits/words`` code points; nil if there are none. They may quote the prompt.
    let words: String?
    /// Every code and sentence in lower case, to recognise the subject.
    private let texts: [String]

    /// Reads the members of an answer or of a job.
    init(_ members: [String: JSONValue]) {
        let result = members["result"]?.members ?? [:]
        let places = [members["error"], members["message"], members["detail"], result["error"], members["reason"]].compactMap(\.self)
        let headlines = places.filter { $0.elements == nil }.flatMap(Self.sentences)
        // A single word such as "model_unavailable" is for programs; a sentence beside it is for people.
        let headline = headlines.first { $0.contains(" ") } ?? headlines.first
        let lists = places.filter { $0.elements != nil }
        let holders = [members] + places.compactMap(\.members)
        let details = lists + holders.flatMap { holder in ["details", "errors", "issues"].compactMap { holder[$0] } }

        var said: [String] = []
        for sentence in ((headline.map { [$0] } ?? []) + details.flatMap(Self.sentences)).prefix(AnswerLimits.reasons) {
            let sentence = sentence.prefix(codePoints: AnswerLimits.words)
            if !said.contains(sentence) { said.append(sentence) }
        }
        words = said.isEmpty ? nil : said.joined(separator: "; ").prefix(codePoints: AnswerLimits.words)
        let everything = (places + details + [members["code"]].compactMap(\.self)).lazy.flatMap(Self.everything)
        texts = everything.prefix(AnswerLimits.reasons).map { text in
            text.prefix(codePoints: AnswerLimits.words).lowercased().replacing("-", with: "_")
        }
    }

    /// Why a job failed; nil if Krea gives no reason.
    var failure: JobFailure? {
        guard let words else { return nil }
        return areAboutContent
            ? JobFailure(.contentRefused, detail: words, because: contentRefusal) : JobFailure(.generationFailed, detail: words)
    }

    /// Whether Krea refuses the content.
    var areAboutContent: Bool { contentRefusal != nil || texts.contains(where: Self.isAboutModeration) }

    /// Krea's objection to the content, if it names one.
    var contentRefusal: ContentRefusal? {
        ContentRefusal.allCases.first { reason in
            texts.contains { text in
                switch reason {
                case .nsfw: text.contains("nsfw")
                case .ipDetected: text.contains("ip_detected") || text.contains("ip detected")
                case .personalInfo: text.contains("personal_info") || text.contains("personal info")
                // An ordinary word counts only as a code, or in a text about moderation.
                case .violence: text.contains("violen") && (!text.contains(" ") || Self.isAboutModeration(text))
                }
            }
        }
    }

    /// Whether the balance is used up.
    var areAboutBalance: Bool {
        texts.contains { text in
            text.contains("insufficient") && ["balance", "credit", "fund", "compute"].contains(where: text.contains)
        }
    }

    private static func isAboutModeration(_ text: String) -> Bool {
        if ["content policy", "content_policy", "content filter", "content_filter"].contains(where: text.contains) { return true }
        let words = words(of: text)
        return words.contains("safety") || words.contains { $0.hasPrefix("moderation") || $0 == "moderated" }
    }

    private static func words(of text: String) -> [Substring] {
        text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    }

    /// The sentences in a value. An object gives its sentence, or else its code, after the name of the member that it is about.
    private static func sentences(in value: JSONValue) -> [String] {
        switch value {
        case .string(let text):
            return text.isEmpty ? [] : [text]
        case .array(let elements):
            return elements.flatMap(sentences)
        case .object(let members):
            let place = members["path"] ?? members["loc"]
            let path = (place?.elements ?? [place].compactMap(\.self)).map { $0.text ?? $0.brief }.joined(separator: ".")
            let texts = ["message", "msg", "error", "reason", "code"].lazy.compactMap { members[$0]?.text }.filter { !$0.isEmpty }.prefix(1)
            return texts.map { path.isEmpty ? $0 : "\(path): \($0)" }
        case .null, .bool, .number:
            return []
        }
    }

    /// Every text in a value except echoes of the request.
    private static func everything(in value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(everything)
        case .object(let members):
            members.filter { !["path", "loc", "input", "value", "received", "prompt"].contains($0.key) }.values.flatMap(everything)
        case .null, .bool, .number: []
        }
    }
}
