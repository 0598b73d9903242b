import Jobs
import Synchronization

/// The requests that were decoded last, by the text of their column.
///
/// A job is read each time that it is polled or asked for, and its request never changes: to decode it would take longer than all the rest.
enum RequestCache {
    /// Some that are under way and some that people look at: one of this many takes about a kilobyte.
    private static let limit = 256
    /// What is longer, because pictures stand in it, is not kept.
    private static let longest = 2048

    private static let known = Mutex<[TextKey: GenerationRequest]>([:])

    /// The request of which this is the JSON.
    ///
    /// - Throws: `DecodingError` when it is of none.
    static func request(_ text: String) throws -> GenerationRequest {
        // Whoever would have to wait for another decodes it meanwhile.
        if let request = known.withLockIfAvailable({ $0[TextKey(text)] }) ?? nil { return request }
        let request: GenerationRequest = try JSONColumn.decode(text)
        if text.utf8.count <= longest {
            _ = known.withLockIfAvailable { known in
                if known.count >= limit { known.removeAll(keepingCapacity: true) }
                known[TextKey(text)] = request
            }
        }
        return request
    }
}
