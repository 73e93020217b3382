from rest_framework.routers import SimpleRouter

from scoring.api import AppraisalViewSet

router = SimpleRouter()
router.register("appraisals", AppraisalViewSet, basename="api-appraisal")
urlpatterns = router.urls
