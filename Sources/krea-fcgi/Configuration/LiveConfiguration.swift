import FastCGI
import Jobs
import KreaAPI
import Logs
import SQLiteStore
import Synchronization
import Web

/// The configuration in force, which a reload replaces while the service runs.
final class LiveConfiguration: Sendable {
    /// The values in force.
    private final class Present: Sendable {
        let configuration: ServiceConfiguration
        let pages: Application

        init(_ configuration: ServiceConfiguration, _ pages: Application) {
            self.configuration = configuration
            self.pages = pages
        }
    }

    private let present: Mutex<Present>
    private let store: SQLiteStore
    private let output: LogOutput

    /// Starts with `configuration`, which `pages` were made from.
    init(_ configuration: ServiceConfiguration, pages: Application, store: SQLiteStore, output: LogOutput) {
        present = Mutex(Present(configuration, pages))
        self.store = store
        self.output = output
    }

    /// The configuration in force.
    var configuration: ServiceConfiguration { present.withLock(\.self).configuration }

    var token: KreaToken? { configuration.token }
    var slowRequest: Duration { present.withLock(\.self).configuration.slowRequest }

    /// The pages for the configuration in force.
    var application: Application { present.withLock(\.self).pages }

    /// Puts `configuration` with its `keys` into force. It cannot fail. Call it from one thread at a time.
    func change(to configuration: ServiceConfiguration, keys: KeyFile?, hasOtherToken: Bool) {
        let keyOwner = keys.map { keys -> KeyOwner in { keys.owner(of: $0) } }
        let pages = application.changed(configuration.pageSettings, keyOwner: keyOwner, signedJob: configuration.signedJob)
        present.withLock { $0 = Present(configuration, pages) }
        output.level = configuration.logLevel
        output.format = configuration.logLineFormat
        // A new token may end a hold. Changing the limits also wakes every waiting part of the service.
        if hasOtherToken { _ = try? store.release(isOperator: false, at: WallClock.now()) }
        store.change(limits: configuration.limits)
    }
}

extension ServiceConfiguration {
    /// The settings of the pages.
    var pageSettings: Application.Settings {
        Application.Settings(
            hasToken: token != nil, isSimulated: server.isLoopback,
            imageSources: (server.isLoopback ? [server.origin] : []) + resultHosts.policySources,
            webhookHosts: webhookHosts, keepsPictures: imagesPath != nil, publicURL: publicURL, corsOrigins: corsOrigins,
            embedOrigins: embedOrigins, requiresUser: requiresUser)
    }

    /// Finds the job of a signed address; nil if addresses are not signed.
    var signedJob: SignedJob? {
        signingSecret.map { secret -> SignedJob in { secret.job(of: $0, signedWith: $1) } }
    }
}
