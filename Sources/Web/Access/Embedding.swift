import Jobs

/// The form and its jobs in a frame of another site's page: the same pages below `embed`, without their header.
enum Embedding {
    /// What there is of a path in a frame: the path of the same page by itself; nil for a path that is not for frames.
    ///
    /// `/embed` is the form, `/embed/jobs/1` the page of a job.
    static func inner(_ path: Substring) -> Substring? {
        guard path.begins(with: "/embed") else { return nil }
        let inner = Substring(path.utf8.dropFirst("/embed".utf8.count))
        return inner.isEmpty ? "/" : inner.begins(with: "/") && inner != "/" ? inner : nil
    }
}

extension Route {
    /// Whether the place is there in a frame, too: what the form leads to.
    fileprivate var canBeEmbedded: Bool {
        switch self {
        case .form, .jobPage, .cancelButton, .resumeButton: true
        case .mine, .jobFile, .jobs, .job, .resumption, .models, .kreaWebhook, .generation, .otherGeneration, .signedPicture, .openAPI,
            .health, .nothing:
            false
        }
    }

    /// The route of a path in a frame.
    init(embedded inner: Substring) {
        let route = Route(inner)
        // The form is at /embed alone.
        self = route.canBeEmbedded && Embedding.inner(inner) == nil ? route : .nothing
    }
}

extension Links {
    /// What a link has that leaves the frame, as what it leads to may not be meant for one.
    var leaving: HTML? { isEmbedded ? " target=\"_blank\" rel=\"noopener\"" : nil }
}
