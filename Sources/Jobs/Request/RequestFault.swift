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
    /// The prompt has characters, but none that can be seen.
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
    /// No host may be told of a job's end.
    case webhooksOff
    /// The value is no address that can be called.
    case noWebhookAddress(String, most: Int)
    /// The operator does not allow this host.
    case webhookHost(String)
    /// The address is http.
    case insecureWebhook
}
