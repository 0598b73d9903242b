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
}
