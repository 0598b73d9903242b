/// Something that the person who asked has to know, though it stops nothing.
public enum Warning: Hashable, Sendable, Codable {
    /// Krea no longer offers the model that was asked for.
    case replaced(model: String, by: String)
    /// What was asked for takes longer than usual.
    case longerQueue
    /// A field was left out: what makes the picture does not take it.
    case notTaken(RequestField, by: String)
    /// A field was left out: its value, in a few words, is not within the route's rules.
    case notAllowed(RequestField, value: String)
    /// Of a list only the first element is used.
    case onlyFirst(RequestField, of: Int)
    /// A ratio became a size in pixels.
    case sizeForRatio(String, width: Int, height: Int)
    /// Addresses of pictures were left out, because they are not on Krea's hosts.
    case strangeAddresses(Int, of: Int)
    /// Krea sent more pictures than can have been asked for; so many are kept.
    case surplus(Int)
    /// Some pictures could not be made, for this reason if it is known.
    case missing(Int, of: Int, JobFailure?)

    /// The warning in English, as programs read it.
    public var sentence: String {
        switch self {
        case .replaced(let model, let used): "Krea no longer offers \(model): \(used) is used."
        case .longerQueue: "More than 2 pictures or 4K: the queue is longer."
        case .notTaken(let field, let used):
            "\(field.rawValue) was left out: \(used) does not take it\(field == .steps ? ", only Flux does" : "")."
        case .notAllowed(let field, let value): "\(field.rawValue) was left out: \(value) is not allowed."
        case .onlyFirst(let field, let count): "Only the first of \(count) \(field.rawValue) is used."
        case .sizeForRatio(let ratio, let width, let height):
            "aspect_ratio \(ratio) became \(width) × \(height) pixels: the model takes only a size."
        case .strangeAddresses(let count, let all): "\(count) of \(all) picture addresses were left out: they are not on Krea's hosts."
        case .surplus(1): "Krea sent more pictures than requested: only the first is shown."
        case .surplus(let count): "Krea sent more pictures than requested: only the first \(count) are shown."
        case .missing(let count, let all, let reason):
            "\(count) of \(all) pictures could not be made\(reason.map { ": \($0.message)" } ?? ".")"
        }
    }
}
