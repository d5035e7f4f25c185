/** The container cannot be made from what its spec refers to: shown as waiting with reason CreateContainerConfigError. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A volume cannot be set up (yet): a FailedMount event, and another attempt. */
export class MountError extends Error {
  override readonly name = 'MountError';
}

/** Why a container is not running now, for its waiting state; thrown by what failed to start it. */
export class WaitingError extends Error {
  override readonly name = 'WaitingError';

  constructor(readonly reason: string, message: string) {
    super(message);
  }
}
