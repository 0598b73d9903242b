public import Jobs

/// How Krea is asked to call when a paid job has ended.
public struct KreaWebhookSettings: Sendable {
    /// Where the service is for the world: scheme, host and mount point, with no slash at the end.
    let publicURL: String
    /// Gives a new random key each time.
    let newKey: @Sendable () -> WebhookKey

    /// Calls to `publicURL`, which reach this store's pages.
    public init(publicURL: String, newKey: @escaping @Sendable () -> WebhookKey) {
        self.publicURL = publicURL
        self.newKey = newKey
    }
}
