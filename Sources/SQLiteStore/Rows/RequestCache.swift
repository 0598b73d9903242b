import Jobs
import Synchronization

/// The requests that were decoded last, by the text of their column.
///
/// A job is read each time that it is polled or shown, and its request never changes. Measured in instructions: a read of a job takes 103,000, without
/// this 234,000; a poll 0.58 million, else 0.84.
enum RequestCache {
    /// Enough for the jobs under way and those that are watched. Each takes about a kilobyte.
    private static let limit = 256
    /// Longer ones, which contain pictures, are not kept.
    private static let longest = 2048

    private static let known = Mutex<[TextKey: GenerationRequest]>([:])

    /// Decodes the JSON of a request.
    ///
    /// - Throws: `DecodingError` when it is no request.
    static func request(_ text: String) throws -> GenerationRequest {
        // Decoding is quicker than to wait for another thread.
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
