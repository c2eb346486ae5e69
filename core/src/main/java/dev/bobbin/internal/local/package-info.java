/**
 * The queue on ring and journal: the only room that sees all the others. Submit, ring, worker,
 * outcome, journal and reclaim are joined here; {@link dev.bobbin.internal.local.IoThread} owns
 * everything on disk.
 */
@NullMarked
package dev.bobbin.internal.local;

import org.jspecify.annotations.NullMarked;
