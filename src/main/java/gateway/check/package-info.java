/**
 * The guides' checklist as a program: each check looks at evidence and gives a verdict. {@link gateway.check.Evidence}
 * is the only way to the machine, so that a test can hand in a machine of its own making.
 */
@NullMarked
package gateway.check;

import org.jspecify.annotations.NullMarked;
