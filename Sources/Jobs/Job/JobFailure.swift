/// Why a job has no pictures: a code for programs, a summary with a suggestion for people, and Krea's own words.
public struct JobFailure: Hashable, Sendable, Codable {
    /// What programs tell failures apart by. The raw values are part of the JSON API.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// Forty polls without an end.
        case timedOut = "timed_out"
        /// Krea says that the account has no credit left, or that the plan does not include the model.
        case outOfCompute = "out_of_compute"
        /// Krea did not take the request as it was.
        case refused
        /// Krea refused it for what is in it.
        case contentRefused = "content_refused"
        /// Krea does not accept our token.
        case unauthorised = "unauthorized"
        /// Krea, or what stands in front of it, does not let us in.
        case forbidden
        /// Krea no longer has this model, or never had it.
        case modelUnavailable = "model_unavailable"
        /// The answer to the paid call was lost, and it cannot be told whether Krea has the job.
        case submissionUnconfirmed = "submission_unconfirmed"
        /// The answer to the paid call was lost, and Krea's list does not tell, however often it is asked for.
        case submissionUndecidable = "submission_undecidable"
        /// The answer to the paid call was lost and Krea's list does not tell, so that what was wanted no more could not be cancelled.
        case cancellationUnconfirmed = "cancellation_unconfirmed"
        /// The store was restored from a backup in which it was not known to be sent.
        case restored = "restored_from_backup"
        /// Krea failed at every attempt to send it, though it took others meanwhile.
        case notTaken = "not_taken"
        /// It costs more than may be spent in a day.
        case tooExpensive = "too_expensive"
        /// Krea tried and failed.
        case generationFailed = "generation_failed"
        /// Krea says that it finished, but there is no picture.
        case noImage = "no_image"
        /// Krea finished, but the picture is on a host from which none is shown.
        case foreignHost = "foreign_host"
        /// Krea took the job and later did not know it any more.
        case lostAtKrea = "lost_at_krea"
        /// Cancelled at Krea.
        case cancelled
        /// Cancelled before Krea had heard of it.
        case cancelledBefore = "cancelled_before_start"

        /// The codes with which it is not known whether Krea has the job, and is paid for it.
        public static let withOpenPayment: Set<Code> = [
            .submissionUnconfirmed, .submissionUndecidable, .cancellationUnconfirmed, .restored,
        ]

        /// Whether Krea may still have the picture, which is paid, so that it makes sense to ask again.
        var mayStillBring: Bool {
            switch self {
            case .timedOut, .noImage, .foreignHost, .lostAtKrea: true
            case .outOfCompute, .refused, .contentRefused, .unauthorised, .forbidden, .modelUnavailable, .submissionUnconfirmed,
                .submissionUndecidable, .cancellationUnconfirmed, .restored, .notTaken, .tooExpensive, .generationFailed, .cancelled,
                .cancelledBefore:
                false
            }
        }
    }

    /// What programs tell failures apart by.
    public let code: Code
    /// Krea's own words, where it gave any.
    public let detail: String?
    /// What Krea has against the content, where it refused that and said why.
    public let refusal: ContentRefusal?

    /// A failure of this kind, with Krea's own words if there are any.
    public init(_ code: Code, detail: String? = nil, because refusal: ContentRefusal? = nil) {
        self.code = code
        self.detail = detail
        self.refusal = refusal
    }
}
