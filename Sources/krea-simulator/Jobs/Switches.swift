/// The misbehaviour that a prompt asks for, with words in double brackets: `[[failed]]` or `[[slow:5000]]`.
///
/// A colon and a number may follow a word, up to the milliseconds of a day. Unknown words are ignored, because a prompt may contain brackets.
struct Switches: Sendable, Equatable {
    /// A word about the job, its pictures or its webhook.
    enum Mark: String, Sendable, CaseIterable {
        case failed
        case failedResult = "failed-result"
        case failedEmpty = "failed-empty"
        case nsfw
        case ipDetected = "ip-detected"
        case violence
        case personalInfo = "personal-info"
        case refusedEmpty = "no-urls-nsfw"
        case cancelled
        case noURLs = "no-urls"
        case objectURLs = "urls-objects"
        case mappedURLs = "urls-map"
        case foreignURL = "foreign-url"
        case otherName = "other-name"
        case unknownStatus = "unknown-status"
        case stuck
        case timeout
        case image404 = "image-404"
        case imageSlow = "image-slow"
        case imageType = "image-type"
        case imageHuge = "image-huge"
        case imageTruncated = "image-truncated"
        case imageStall = "image-stall"
        case imageHold = "image-hold"
        case imageRedirect = "image-redirect"
        case imageMoved = "image-moved"
        case imageCut = "image-cut"
        case imageExpired = "image-expired"
        case webhookTwice = "webhook-twice"
        case webhookNever = "webhook-never"
        case webhookEarly = "webhook-early"

        var meaning: String {
            switch self {
            case .failed: "ends as failed, reason in the top-level error"
            case .failedResult: "ends as failed, reason in result.error"
            case .failedEmpty: "ends as failed, result {} and no reason"
            case .nsfw: "ends as failed, error code nsfw (moderation)"
            case .ipDetected: "ends as failed, error code ip_detected without a message"
            case .violence: "ends as failed, result.error is violence"
            case .personalInfo: "ends as failed, error is the text personal_info"
            case .refusedEmpty: "completed with no urls, result.error is nsfw"
            case .cancelled: "ends as cancelled"
            case .noURLs: "completed with result {} and no urls; NUMBER: ms until they appear"
            case .objectURLs: "completed, result.urls is a list of objects"
            case .mappedURLs: "completed, result.urls is a map"
            case .foreignURL: "completed, result.urls on a host that is not Krea's"
            case .otherName: "completed, result.urls on localhost, though this server is 127.0.0.1"
            case .unknownStatus: "passes through an unknown status word"
            case .stuck: "never leaves queued"
            case .timeout: "runs until the server's limit, then fails; NUMBER: the limit in ms"
            case .image404: "the picture is not found"
            case .imageSlow: "the picture starts late; NUMBER: ms, default 60000"
            case .imageType: "the picture comes as text/html"
            case .imageHuge: "the picture is huge; NUMBER: MB, default 64"
            case .imageTruncated: "the connection closes after half the picture"
            case .imageStall: "the picture comes by the kilobyte, one a day; NUMBER: ms between kilobytes"
            case .imageHold: "the first request for the picture stops after a kilobyte"
            case .imageRedirect: "the picture redirects to /jobs of this server"
            case .imageMoved: "the picture redirects to another address of itself; NUMBER: so many times, default 1"
            case .imageCut: "half the picture as a whole answer, once; NUMBER: so many times"
            case .imageExpired: "the address in the first answer gives 403, those in later answers work"
            case .webhookTwice: "the webhook is sent twice"
            case .webhookNever: "the webhook is never sent"
            case .webhookEarly: "the webhook is sent before the submission is answered"
            }
        }
    }

    private(set) var faults: [Fault] = []
    private var marks: [Mark: Int?] = [:]

    static let none = Switches()

    /// The switches of a prompt, added to those of every job. A word in the prompt overrides the same word in `always`.
    init(prompt: String, always: Switches = .none) {
        self = always
        for match in prompt.lowercased().matches(of: /\[\[([a-z0-9:\-]+)\]\]/) { add(String(match.1)) }
    }

    /// The switches that `words` name. Throws for the first unknown word.
    init(words: [String]) throws(UnknownSwitch) {
        for word in words where !add(word.lowercased()) { throw UnknownSwitch(word: word) }
    }

    private init() {}

    func has(_ mark: Mark) -> Bool { marks[mark] != nil }

    /// The number after the word; nil if the word or the number is missing.
    func number(of mark: Mark) -> Int? { marks[mark] ?? nil }

    func faults(at place: Fault.Place) -> [Fault] { faults.filter { $0.place == place } }

    @discardableResult
    private mutating func add(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        guard let word = parts.first, parts.count == 1 || number.map({ (0...86_400_000).contains($0) }) == true else { return false }
        if let mark = Mark(rawValue: String(word)) {
            marks[mark] = .some(number)
        } else if let fault = Fault(word: String(word), number: number) {
            faults.removeAll { $0.kind == fault.kind && $0.place == fault.place }
            faults.append(fault)
        } else {
            return false
        }
        return true
    }
}

struct UnknownSwitch: Error, Equatable {
    var word: String
}
