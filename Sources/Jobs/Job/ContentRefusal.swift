/// What Krea can have against a content, by the words with which Krea names it (krea-api.md, section 3.3). The raw values are part of the
/// JSON API.
public enum ContentRefusal: String, Hashable, Sendable, Codable, CaseIterable {
    /// Not safe for work.
    case nsfw
    /// The work, brand or figure of another person or company.
    case ipDetected = "ip_detected"
    /// Violence.
    case violence
    /// What is known of a person.
    case personalInfo = "personal_info"
}
