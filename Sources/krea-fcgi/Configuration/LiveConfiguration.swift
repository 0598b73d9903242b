import FastCGI
import Jobs
import KreaAPI
import Logs
import SQLiteStore
import Synchronization
import Web

/// What of the service changes while it runs, when the configuration is read again.
final class LiveConfiguration: Sendable {
    /// What is in force at a moment.
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

    /// Begins with `configuration`, by which `pages` were made.
    init(_ configuration: ServiceConfiguration, pages: Application, store: SQLiteStore, output: LogOutput) {
        present = Mutex(Present(configuration, pages))
        self.store = store
        self.output = output
    }

    /// The configuration in force.
    var configuration: ServiceConfiguration { present.withLock(\.self).configuration }

    var token: KreaToken? { configuration.token }
    var slowRequest: Duration { present.withLock(\.self).configuration.slowRequest }

    /// The pages as they are by the configuration in force.
    var application: Application { present.withLock(\.self).pages }

    /// From now on `configuration` is in force, whose keys are `keys`. Nothing fails here. To be called by one at a time.
    func change(to configuration: ServiceConfiguration, keys: KeyFile?, hasOtherToken: Bool) {
        let keyOwner = keys.map { keys -> KeyOwner in { keys.owner(of: $0) } }
        let pages = application.changed(configuration.pageSettings, keyOwner: keyOwner, signedJob: configuration.signedJob)
        present.withLock { $0 = Present(configuration, pages) }
        output.level = configuration.logLevel
        output.format = configuration.logLineFormat
        // What held the queue may be mended. All services look for work again, also for what else has changed.
        if hasOtherToken { _ = try? store.release(isOperator: false, at: WallClock.now()) }
        store.change(limits: configuration.limits)
    }
}

extension ServiceConfiguration {
    /// What the pages have to know.
    var pageSettings: Application.Settings {
        Application.Settings(
            hasToken: token != nil, isSimulated: server.isLoopback,
            imageSources: (server.isLoopback ? [server.origin] : []) + resultHosts.policySources,
            webhookHosts: webhookHosts, keepsPictures: imagesPath != nil, publicURL: publicURL, corsOrigins: corsOrigins,
            embedOrigins: embedOrigins, requiresUser: requiresUser)
    }

    /// Which job a signed address is about; nil when addresses are not signed.
    var signedJob: SignedJob? {
        signingSecret.map { secret -> SignedJob in { secret.job(of: $0, signedWith: $1) } }
    }
}
