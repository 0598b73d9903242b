/// What is wrong with a member of a request. Values are given in a few words (``JSONValue/brief``); a prompt never is.
public enum RequestFault: Hashable, Sendable {
    /// What would be allowed instead.
    public enum Allowed: Hashable, Sendable {
        /// A whole number within bounds; nil for a bound that there is not.
        case wholeNumber(Double?, Double?)
        /// A number within bounds.
        case number(Double?, Double?)
        /// Two numbers with a colon between them.
        case ratio
        /// One of a few words.
        case oneOf([String])
        /// Any text.
        case text
        /// A list of objects that have this member and a strength.
        case weighted(String, most: Int)
        /// A list of addresses of pictures.
        case addresses(most: Int)
        /// The address of a picture.
        case address
        /// The address of a picture, whose host is written in ASCII.
        case addressInASCII
    }

    /// The prompt is missing.
    case required
    /// The prompt is no text.
    case noText
    /// The prompt has nothing but white space.
    case empty
    /// The prompt has characters, none of which can be seen.
    case invisible
    /// A text has this control character, as a code point.
    case control(String)
    /// The prompt has too many characters.
    case tooLong(Int, most: Int)
    /// The prompt has too few characters.
    case tooShort(Int, least: Int)
    /// No model has this name.
    case unknownModel(String)
    /// The address names another model.
    case otherModel(String, than: Model)
    /// Krea has no route for the model any more.
    case modelGone(Model)
    /// The value is not what is allowed.
    case outside(String, Allowed)
    /// The field was given under another of its names, too.
    case givenTwice(String)
    /// No request has such a member; these are there. Empty where that was said before.
    case unknownMember([String])
    /// Something else, in one sentence.
    case other(String)

    /// One clear sentence about the member with this name, in English.
    public func sentence(_ name: String) -> String {
        switch self {
        case .required: "\(name) is required."
        case .noText: "\(name) must be text."
        case .empty: "\(name) must not be empty."
        case .invisible: "\(name) must contain something visible; all its characters are invisible."
        case .control(let character):
            "\(name) must not contain control characters other than tabs and line ends; it has \(character)."
        case .tooLong(let count, let most): "\(name) must have at most \(most) characters; it has \(count)."
        case .tooShort(let count, let least): "\(name) must have at least \(least) characters; it has \(count)."
        case .unknownModel(let value): "\(name) \(value) is unknown; allowed are \(Model.all.map(\.name).joined(separator: ", "))."
        case .otherModel(let value, let model): "\(name) \(value) is not the model of this address, which is \(model.name)."
        case .modelGone(let model): "\(name) \(model.name) is no longer offered by Krea; choose another."
        case .outside(let value, let allowed): "\(name) \(value) must be \(allowed.words)."
        case .givenTwice(let other): "\(name) is given twice, once as \(other)."
        case .unknownMember([]): "\(name) is not a member of a request."
        case .unknownMember(let allowed): "\(name) is not a member of a request; allowed are \(allowed.joined(separator: ", "))."
        case .other(let sentence): sentence
        }
    }
}

extension RequestFault.Allowed {
    fileprivate var words: String {
        switch self {
        case .wholeNumber(let least, let most): "a whole number\(Self.bounds(least, most))"
        case .number(let least, let most): "a number\(Self.bounds(least, most))"
        case .ratio: "a ratio like 16:9"
        case .oneOf(let words): "one of \(words.joined(separator: ", "))"
        case .text: "text"
        case .weighted(let key, let most): "a list of at most \(most) objects with \(key) and strength, a number from -2 to 2"
        case .addresses(let most): "a list of at most \(most) addresses"
        case .address: "an https address of at most \(RequestLimits.imageURLCharacters) characters or a data:image URI"
        case .addressInASCII: "an address whose host is written in ASCII letters, other letters in Punycode (xn--…)"
        }
    }

    private static func bounds(_ least: Double?, _ most: Double?) -> String {
        let text = { (number: Double) in JSONValue.number(number).brief }
        return switch (least, most) {
        case (let least?, let most?): " from \(text(least)) to \(text(most))"
        case (let least?, nil): " of at least \(text(least))"
        case (nil, let most?): " of at most \(text(most))"
        case (nil, nil): ""
        }
    }
}
