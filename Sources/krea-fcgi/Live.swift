import FastCGI
import Jobs
import KreaAPI
import Logs
import SQLiteStore
import Synchronization
import Web

/// What of the service changes while it runs, when the configuration is read again.
final class Live: Sendable {
    private let present: Mutex<ServiceConfiguration>
    private let pages: Mutex<Application>
    private let store: SQLiteStore
    private let output: LogOutput

    /// Begins with `configuration`, by which `pages` were made.
    init(_ configuration: ServiceConfiguration, pages: Application, store: SQLiteStore, output: LogOutput) {
        present = Mutex(configuration)
        self.pages = Mutex(pages)
        self.store = store
        self.output = output
    }

    /// The configuration in force.
    var configuration: ServiceConfiguration { present.withLock { $0 } }

    var token: KreaToken? { present.withLock { $0.token } }
    var slowRequest: Duration { present.withLock { $0.slowRequest } }

    /// The pages as they are by the configuration in force.
    var application: Application { pages.withLock { $0 } }

    /// From now on `configuration` is in force, whose keys are `keys`. Nothing fails here.
    func change(to configuration: ServiceConfiguration, keys: KeyFile?, hasOtherToken: Bool) {
        present.withLock { $0 = configuration }
        let keyOwner = keys.map { keys -> KeyOwner in { keys.owner(of: $0) } }
        pages.withLock { $0 = $0.changed(configuration.pageSettings, keyOwner: keyOwner, signedJob: configuration.signedJob) }
        output.level = configuration.logLevel
        output.format = configuration.logLineFormat
        // Somebody may have mended what held the queue. Everybody looks again, also for what else has changed.
        if hasOtherToken { try? store.release(includingPause: false) }
        store.change(limits: configuration.limits)
    }
}

extension ServiceConfiguration {
    /// What the pages have to know.
    var pageSettings: Application.Settings {
        Application.Settings(
            hasToken: token != nil, isSimulated: server.isLoopback, imageSources: server.isLoopback ? [server.origin] : [],
            webhookHosts: webhookHosts, keepsPictures: imagesPath != nil, publicURL: publicURL, corsOrigins: corsOrigins,
            embedOrigins: embedOrigins, requiresUser: requiresUser)
    }

    /// Which job a signed address is about; nil when addresses are not signed.
    var signedJob: SignedJob? {
        signingSecret.map { secret -> SignedJob in { secret.job(of: $0, signedWith: $1) } }
    }
}
