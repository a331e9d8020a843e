package gateway.rotation;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import gateway.process.ExplainedFault;
import gateway.process.WorkerKind;
import gateway.process.Workers;

/**
 * Notices that files were written, renamed into place, or that Kubernetes swapped its {@code ..data} link: directories
 * are watched, because a file that is replaced is another file. Several events in quick succession are told once.
 */
public final class FileWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());
    /** Whoever writes several files is done when nothing has happened for this long. */
    private static final long QUIET_MILLIS = 200;
    /** A directory that went away, or was not there, is looked for this often. */
    private static final long MISSING_SECONDS = 5;

    private final Map<Path, Predicate<String>> wanted;
    private final Runnable changed;
    private final WatchService service;
    private final Map<WatchKey, Path> keys = new HashMap<>();
    private final Set<Path> told = new HashSet<>();
    private final Thread thread;

    /**
     * Begins to watch.
     *
     * @param wanted  directories, and which names in them count
     * @param changed run on the watch's own thread
     */
    public FileWatch(Map<Path, Predicate<String>> wanted, Runnable changed, Workers workers) {
        this.wanted = Map.copyOf(wanted);
        this.changed = changed;
        try {
            this.service = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            throw new ExplainedFault(
                    "Files cannot be watched: " + e.getMessage() + ". Raise fs.inotify.max_user_instances.", e);
        }
        register();
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("file-watch")
                .start(workers.add(WorkerKind.FILE_WATCH).supervised(this::run));
    }

    private void register() {
        for (var directory : wanted.keySet()) {
            if (keys.containsValue(directory) || !Files.isDirectory(directory)) {
                continue;
            }
            try {
                keys.put(
                        directory.register(
                                service,
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_MODIFY,
                                StandardWatchEventKinds.ENTRY_DELETE),
                        directory);
            } catch (IOException e) {
                if (told.add(directory)) {
                    LOG.log(
                            Level.WARNING,
                            "{0} cannot be watched for changes ({1}); send SIGHUP after a change there",
                            directory,
                            e.getClass().getSimpleName());
                }
            }
        }
    }

    private void run() throws InterruptedException {
        try {
            while (true) {
                var key = service.poll(MISSING_SECONDS, TimeUnit.SECONDS);
                if (relevant(key)) {
                    while ((key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS)) != null) {
                        relevant(key);
                    }
                    changed.run();
                }
                register();
            }
        } catch (ClosedWatchServiceException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean relevant(@Nullable WatchKey key) {
        if (key == null) {
            return false;
        }
        var directory = keys.get(key);
        boolean relevant = false;
        for (var event : key.pollEvents()) {
            // An overflow has no name: something may have been missed.
            relevant |= !(event.context() instanceof Path name)
                    || wanted.getOrDefault(directory, none -> false).test(name.toString());
        }
        if (!key.reset()) {
            keys.remove(key);
        }
        return relevant;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            service.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the watch did not close", e);
        }
    }
}
