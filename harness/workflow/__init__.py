"""The pipeline: files -> plan -> run -> record -> reports. The only room that knows every other one.

`options` says what a run is asked for, `planning` what is going to be run, `tooling` with what, `folder` where it is noted, `running`
carries it out, and `finishing` tells what came of it.
"""

from harness.workflow.finishing import Finished as Finished
from harness.workflow.finishing import bisect_exit as bisect_exit
from harness.workflow.finishing import exit_of as exit_of
from harness.workflow.finishing import finish as finish
from harness.workflow.finishing import run_info as run_info
from harness.workflow.folder import alone as alone
from harness.workflow.folder import make_run_folder as make_run_folder
from harness.workflow.folder import write_run_plan as write_run_plan
from harness.workflow.options import Options as Options
from harness.workflow.options import World as World
from harness.workflow.options import default_reports as default_reports
from harness.workflow.options import reports_folder as reports_folder
from harness.workflow.options import set_secrets as set_secrets
from harness.workflow.options import with_dotenv as with_dotenv
from harness.workflow.planning import Checked as Checked
from harness.workflow.planning import check as check
from harness.workflow.planning import plan as plan
from harness.workflow.running import begin as begin
from harness.workflow.running import run as run
from harness.workflow.tooling import About as About
from harness.workflow.tooling import about as about
from harness.workflow.tooling import host_of as host_of
from harness.workflow.tooling import open_tools as open_tools
